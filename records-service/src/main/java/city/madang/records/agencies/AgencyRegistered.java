package city.madang.records.agencies;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Outbox;
import city.madang.kit.events.Poison;
import city.madang.kit.worker.OffLoop;
import city.madang.records.keys.KeyVersions;
import city.madang.records.log.RecordLog;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Base64;
import java.util.regex.Pattern;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Gives a registered agency a log and a seal key, and asks for a certificate for it; notes a new name. */
@ApplicationScoped
public class AgencyRegistered implements EventHandler {

    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");
    private static final int LONGEST_NAME = 200;

    /** X.520 lets an organisation's name have 64 characters. */
    private static final int LONGEST_ORGANISATION = 64;

    private final SealKeys keys;
    private final RecordLog log;
    private final KeyVersions wrappingKeys;
    private final Outbox outbox;

    AgencyRegistered(SealKeys keys, RecordLog log, KeyVersions wrappingKeys, Outbox outbox) {
        this.keys = keys;
        this.log = log;
        this.wrappingKeys = wrappingKeys;
        this.outbox = outbox;
    }

    @Override
    public String type() {
        return "agency.registered";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        @Nullable String agency = event.data().getString("agency");
        @Nullable JsonObject name = event.data().getJsonObject("name");
        if (agency == null || !SLUG.matcher(agency).matches() || name == null) {
            throw new Poison("agency.registered without agency or name");
        }
        return session.find(Agency.class, agency, LockMode.PESSIMISTIC_WRITE).chain(known -> {
            if (known != null) {
                rename(known, name);
                return Uni.createFrom().voidItem();
            }
            Agency fresh = new Agency(agency, event.time());
            rename(fresh, name);
            return session.persist(fresh)
                    .chain(() -> log.create(session, agency))
                    .chain(() -> wrappingKeys.create(session, agency))
                    .chain(() -> OffLoop.call(
                            () -> keys.certificateRequest(agency, cut(fresh.nameEn, LONGEST_ORGANISATION))))
                    .chain(request -> outbox.add(
                            session,
                            Event.now(
                                    "certificate.requested",
                                    agency,
                                    new JsonObject()
                                            .put("agency", agency)
                                            .put("purpose", CertificateIssued.PURPOSE)
                                            .put("csr", Base64.getEncoder().encodeToString(request)))));
        });
    }

    private static void rename(Agency agency, JsonObject name) {
        agency.nameKo = cut(name.getString("ko", agency.agency), LONGEST_NAME);
        agency.nameEn = cut(name.getString("en", agency.agency), LONGEST_NAME);
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }
}
