package city.madang.records.access;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.records.log.Tidings;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** Notes where an access stands in the log, and tells of it: whoever informs citizens (of a broken glass above all) hears it here. */
@ApplicationScoped
public class AccessTidings implements Tidings {

    private static final Duration IDLE = Duration.ofMillis(200);

    private static final String UNTOLD = "select id, agency, record, owner, reader_kind, break_glass from access_entry"
            + " where told is null order by position";

    private final Pool pool;
    private final Outbox outbox;

    AccessTidings(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    @Override
    public String name() {
        return "telling of accesses";
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
        return AccessLog.key(row.getUUID("id"));
    }

    @Override
    public Uni<Boolean> tell(Row row, long index) {
        return pool.withTransaction(connection -> connection
                        .preparedQuery(
                                "update access_entry set told = now(), log_index = $2 where id = $1 and told is null")
                        .execute(Tuple.of(row.getUUID("id"), index))
                        .chain(updated -> updated.rowCount() == 0
                                ? Uni.createFrom().voidItem()
                                : outbox.add(connection, List.of(event(row, index)))))
                .replaceWith(true);
    }

    private static Event event(Row row, long index) {
        JsonObject data = new JsonObject()
                .put("access", row.getUUID("id").toString())
                .put("agency", row.getString("agency"))
                .put("record", row.getUUID("record").toString())
                .put("reader_kind", row.getString("reader_kind"))
                .put("break_glass", row.getBoolean("break_glass"))
                .put("log_index", index);
        if (row.getString("owner") != null) {
            data.put("owner", row.getString("owner"));
        }
        return Event.now("access.logged", row.getUUID("record").toString(), data);
    }
}
