package city.madang.records.standing;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.records.log.Tidings;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Tells that a record has ended, once a published checkpoint covers the entry that says so and not before. */
@ApplicationScoped
public class EndTidings implements Tidings {

    private static final Duration IDLE = Duration.ofMillis(300);

    private static final String UNTOLD =
            "select e.record, e.kind, e.successor, r.agency, r.application, s.application as renewal"
                    + " from record_end e join record r on r.id = e.record left join record s on s.id = e.successor"
                    + " where e.told is null order by e.record";

    private final Mutiny.SessionFactory sessions;
    private final Outbox outbox;
    private final WhenRevoked whenRevoked;

    EndTidings(Mutiny.SessionFactory sessions, Outbox outbox, WhenRevoked whenRevoked) {
        this.sessions = sessions;
        this.outbox = outbox;
        this.whenRevoked = whenRevoked;
    }

    @Override
    public String name() {
        return "telling of ended records";
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
        return EndRecord.logKey(row.getUUID("record"), row.getString("kind"));
    }

    @Override
    public Uni<Boolean> tell(Row row, long index) {
        UUID record = row.getUUID("record");
        String kind = row.getString("kind");
        return sessions.withTransaction(session -> session.createNativeQuery(
                        "update record_end set told = now(), log_index = ?2 where record = ?1 and told is null")
                .setParameter(1, record)
                .setParameter(2, index)
                .executeUpdate()
                .chain(updated -> updated == 0
                        ? Uni.createFrom().item(false)
                        : noted(session, kind, row.getUUID("application"))
                                .chain(() -> outbox.add(
                                        session, Event.now("record." + kind, record.toString(), event(row, index))))
                                .replaceWith(true)));
    }

    private Uni<Void> noted(Mutiny.Session session, String kind, UUID application) {
        return kind.equals("revoked")
                ? whenRevoked.revoked(session, application)
                : Uni.createFrom().voidItem();
    }

    private static JsonObject event(Row row, long index) {
        JsonObject data = new JsonObject()
                .put("record", row.getUUID("record").toString())
                .put("application", row.getUUID("application").toString())
                .put("agency", row.getString("agency"))
                .put("log_index", index);
        if (row.getUUID("successor") != null) {
            data.put("successor", row.getUUID("successor").toString())
                    .put("successor_application", row.getUUID("renewal").toString());
        }
        return data;
    }
}
