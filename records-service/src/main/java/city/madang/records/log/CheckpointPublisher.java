package city.madang.records.log;

import city.madang.kit.worker.OffLoop;
import city.madang.records.Loop;
import city.madang.tlog.note.Checkpoint;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** Signs a checkpoint of every log that has grown. What is not under a published checkpoint is not told to anyone. */
@ApplicationScoped
public class CheckpointPublisher {

    private static final Duration IDLE = Duration.ofMillis(200);

    private final Pool pool;
    private final LogKeys keys;
    private final Loop loop;

    CheckpointPublisher(Pool pool, LogKeys keys, Vertx vertx) {
        this.pool = pool;
        this.keys = keys;
        this.loop = new Loop("the checkpoint publisher", vertx, IDLE, this::publishNext);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private Uni<Boolean> publishNext() {
        return pool.withTransaction(connection -> connection
                .query("select agency, origin, size, root from log where size > published_size"
                        + " limit 1 for update skip locked")
                .execute()
                .chain(rows -> publish(connection, rows)));
    }

    private Uni<Boolean> publish(SqlConnection connection, RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Uni.createFrom().item(false);
        }
        Row log = rows.iterator().next();
        String agency = log.getString("agency");
        Checkpoint checkpoint = new Checkpoint(
                log.getString("origin"),
                log.getLong("size"),
                log.getBuffer("root").getBytes());
        return OffLoop.call(() -> keys.sign(agency, checkpoint))
                .chain(note -> connection
                        .preparedQuery(
                                "update log set published_size = size, published_root = root, checkpoint = $2 where agency = $1")
                        .execute(Tuple.of(agency, note.format())))
                .replaceWith(true);
    }
}
