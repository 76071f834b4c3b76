package city.madang.records.sealing;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.records.log.Tidings;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Tells that a record is sealed, once a published checkpoint covers its entry and not before: whoever hears of a record
 * can already check it.
 */
@ApplicationScoped
public class SealedTidings implements Tidings {

    private static final Duration IDLE = Duration.ofMillis(200);

    private static final String UNTOLD =
            "select id, application, agency, applicant, version, credential_id, handover_id,"
                    + " handover_sha256 from record where told is null order by issued, id";

    private final Mutiny.SessionFactory sessions;
    private final Outbox outbox;
    private final WhenSealed whenSealed;

    SealedTidings(Mutiny.SessionFactory sessions, Outbox outbox, WhenSealed whenSealed) {
        this.sessions = sessions;
        this.outbox = outbox;
        this.whenSealed = whenSealed;
    }

    @Override
    public String name() {
        return "telling of sealed records";
    }

    @Override
    public Duration idle() {
        return IDLE;
    }

    @Override
    public String untold() {
        return UNTOLD;
    }

    @Override
    public String key(Row row) {
        return SealingWorker.logKey(row.getUUID("id"), row.getInteger("version"));
    }

    @Override
    public Uni<Boolean> tell(Row row, long index) {
        UUID record = row.getUUID("id");
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return sessions.withTransaction(session -> session.createNativeQuery(
                        "update record set told = ?2, log_index = ?3 where id = ?1 and told is null")
                .setParameter(1, record)
                .setParameter(2, now.atOffset(ZoneOffset.UTC))
                .setParameter(3, index)
                .executeUpdate()
                .chain(updated -> updated == 0
                        ? Uni.createFrom().item(false)
                        : whenSealed
                                .sealed(session, row.getUUID("application"), record, now)
                                .chain(() -> outbox.add(
                                        session, Event.now("record.sealed", record.toString(), event(row, index))))
                                .replaceWith(true)));
    }

    private static JsonObject event(Row row, long index) {
        JsonObject data = new JsonObject()
                .put("record", row.getUUID("id").toString())
                .put("application", row.getUUID("application").toString())
                .put("agency", row.getString("agency"))
                .put("applicant", row.getString("applicant"))
                .put("log_index", index);
        @Nullable String credential = row.getString("credential_id");
        if (credential != null) {
            data.put(
                    "credential",
                    new JsonObject()
                            .put("id", credential)
                            .put(
                                    "handover",
                                    new JsonObject()
                                            .put("id", row.getString("handover_id"))
                                            .put("sha256", row.getString("handover_sha256"))));
        }
        return data;
    }
}
