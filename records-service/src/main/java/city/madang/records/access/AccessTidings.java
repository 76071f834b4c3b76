package city.madang.records.access;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.records.Loop;
import city.madang.records.log.RecordLog;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;

/** Notes where an access stands in the log, and tells of it: whoever informs citizens (of a broken glass above all) hears it here. */
@ApplicationScoped
public class AccessTidings {

    private static final Duration IDLE = Duration.ofMillis(200);

    private final Pool pool;
    private final RecordLog log;
    private final Outbox outbox;
    private final Loop loop;

    AccessTidings(Pool pool, RecordLog log, Outbox outbox, Vertx vertx) {
        this.pool = pool;
        this.log = log;
        this.outbox = outbox;
        this.loop = new Loop("telling of accesses", vertx, IDLE, this::tellSome);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private Uni<Boolean> tellSome() {
        return pool.query("select id, agency, record, owner, reader_kind, break_glass from access_entry"
                        + " where told is null order by position limit 100")
                .execute()
                .chain(rows -> Multi.createFrom()
                        .iterable(rows)
                        .onItem()
                        .transformToUniAndConcatenate(this::tellIfPublished)
                        .collect()
                        .asList())
                .map(told -> told.contains(true));
    }

    private Uni<Boolean> tellIfPublished(Row row) {
        return log.publishedIndex(row.getString("agency"), AccessLog.key(row.getUUID("id")))
                .chain(index -> index.isEmpty()
                        ? Uni.createFrom().item(false)
                        : tell(row, index.get()).replaceWith(true));
    }

    private Uni<Void> tell(Row row, long index) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("update access_entry set told = now(), log_index = $2 where id = $1 and told is null")
                .execute(Tuple.of(row.getUUID("id"), index))
                .chain(updated -> updated.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : outbox.add(connection, List.of(event(row, index)))));
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
