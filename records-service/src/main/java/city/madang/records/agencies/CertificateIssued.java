package city.madang.records.agencies;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Poison;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Keeps the certificate chain of an agency's seal; from then on its records are sealed. */
@ApplicationScoped
public class CertificateIssued implements EventHandler {

    static final String PURPOSE = "record-seal";

    private final SealKeys keys;

    CertificateIssued(SealKeys keys) {
        this.keys = keys;
    }

    @Override
    public String type() {
        return "certificate.issued";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        if (!PURPOSE.equals(event.data().getString("purpose"))) {
            return Uni.createFrom().voidItem();
        }
        @Nullable String agency = event.data().getString("agency");
        @Nullable JsonArray chain = event.data().getJsonArray("chain");
        if (agency == null || chain == null) {
            throw new Poison("certificate.issued without agency or chain");
        }
        List<String> encoded = chain.stream().map(String::valueOf).toList();
        return session.find(Agency.class, agency, LockMode.PESSIMISTIC_WRITE).chain(known -> {
            if (known == null) {
                throw new Poison("certificate.issued for an agency that asked for none");
            }
            return OffLoop.run(() -> keys.check(agency, SealKeys.parse(encoded)))
                    .invoke(() -> known.chain = String.join("\n", encoded));
        });
    }
}
