package city.madang.identity.agencies;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.certificates.SigningRequest;
import city.madang.identity.jose.Malformed;
import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.NotYet;
import city.madang.kit.events.Outbox;
import city.madang.kit.events.Poison;
import city.madang.kit.worker.OffLoop;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.PublicKey;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code certificate.requested}: certifies the key with which another service seals an agency's records. */
@ApplicationScoped
public class CertificateRequested implements EventHandler {

    private final Agencies agencies;
    private final Certificates certificates;
    private final Outbox outbox;

    CertificateRequested(Agencies agencies, Certificates certificates, Outbox outbox) {
        this.agencies = agencies;
        this.certificates = certificates;
        this.outbox = outbox;
    }

    @Override
    public String type() {
        return "certificate.requested";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        @Nullable String id = event.data().getString("agency");
        @Nullable String csr = event.data().getString("csr");
        if (id == null || csr == null || !event.subject().equals(id)) {
            throw new Poison("certificate.requested without its agency or signing request");
        }
        if (!Purpose.RECORD_SEAL.text().equals(event.data().getString("purpose"))) {
            throw new Poison("certificate.requested for a purpose that is not to be had by event");
        }
        return OffLoop.call(() -> provenKey(csr))
                .chain(key -> agencies.lock(session, id)
                        .map(found -> found.orElseThrow(() -> new NotYet("agency " + id)))
                        .chain(agency -> {
                            if (agency.isRevoked()) {
                                throw new Poison("certificate.requested of a revoked agency");
                            }
                            return certificates.certify(
                                    session,
                                    id,
                                    agency.name().en(),
                                    new Certificates.Key(Purpose.RECORD_SEAL, null, key));
                        }))
                .onFailure(HttpProblem.class)
                .transform(refused -> new Poison("certificate.requested: " + refused.getMessage(), refused))
                .chain(certificate -> outbox.add(session, issued(certificate)));
    }

    private static PublicKey provenKey(String csr) {
        try {
            return SigningRequest.provenKey(csr);
        } catch (Malformed refused) {
            throw new Poison("certificate.requested: " + refused.getMessage(), refused);
        }
    }

    private static Event issued(AgencyCertificate certificate) {
        return Event.now(
                "certificate.issued",
                certificate.agency(),
                new JsonObject()
                        .put("agency", certificate.agency())
                        .put("purpose", certificate.purpose().text())
                        .put("chain", new JsonArray(certificate.x5c())));
    }
}
