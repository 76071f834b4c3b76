package city.madang.records.log;

import city.madang.records.Loop;
import city.madang.tlog.tree.Growth;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives queued entries their place in their log. Entries, tiles and size change in one transaction, and the size only from
 * the value that was read: of two sequencers at the same log one fails and starts anew, so a log cannot fork.
 */
@ApplicationScoped
public class LogSequencer {

    /** Entries of one log sequenced in one transaction. */
    static final int BATCH = 1_000;

    private static final Duration IDLE = Duration.ofMillis(100);

    private final Pool pool;
    private final Loop loop;

    LogSequencer(Pool pool, Vertx vertx) {
        this.pool = pool;
        this.loop = new Loop("the log sequencer", vertx, IDLE, this::turn);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private Uni<Boolean> turn() {
        return pool.query("select distinct agency from log_queue")
                .execute()
                .chain(rows -> Multi.createFrom()
                        .iterable(rows)
                        .onItem()
                        .transformToUniAndConcatenate(row -> sequence(row.getString(0)))
                        .collect()
                        .asList())
                .map(sizes -> sizes.stream().anyMatch(appended -> appended > 0));
    }

    /** Appends what is queued for the agency; how many entries that were. */
    Uni<Integer> sequence(String agency) {
        return pool.withTransaction(connection -> forgetLogged(connection, agency)
                .chain(() -> connection
                        .preparedQuery("select size from log where agency = $1")
                        .execute(Tuple.of(agency)))
                .chain(sizes -> sizes.size() == 0
                        ? Uni.createFrom().item(0)
                        : connection
                                .preparedQuery(
                                        "select position, key, entry from log_queue where agency = $1 order by position limit $2")
                                .execute(Tuple.of(agency, BATCH))
                                .chain(queued -> append(
                                        connection,
                                        agency,
                                        sizes.iterator().next().getLong(0),
                                        queued))));
    }

    private static Uni<Void> forgetLogged(SqlConnection connection, String agency) {
        return connection
                .preparedQuery("delete from log_queue q using log_entry e"
                        + " where q.agency = $1 and e.agency = q.agency and e.key = q.key")
                .execute(Tuple.of(agency))
                .replaceWithVoid();
    }

    private static Uni<Integer> append(SqlConnection connection, String agency, long size, RowSet<Row> queued) {
        if (queued.size() == 0) {
            return Uni.createFrom().item(0);
        }
        List<byte[]> entries = new ArrayList<>();
        List<Tuple> rows = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        for (Row row : queued) {
            Buffer entry = row.getBuffer("entry").getDelegate();
            rows.add(Tuple.of(agency, size + entries.size(), row.getString("key"), entry));
            entries.add(entry.getBytes());
            positions.add(row.getLong("position"));
        }
        return LogTiles.load(connection, agency, Growth.edge(size))
                .map(edge -> Growth.append(size, edge, entries))
                .chain(growth -> advance(connection, agency, size, growth)
                        .chain(() -> connection
                                .preparedQuery(
                                        "insert into log_entry (agency, index, key, entry) values ($1, $2, $3, $4)")
                                .executeBatch(rows))
                        .chain(() -> LogTiles.store(connection, agency, growth.changed())))
                .chain(() -> connection
                        .preparedQuery("delete from log_queue where position = any($1)")
                        .execute(Tuple.of(positions.toArray(Long[]::new))))
                .replaceWith(entries.size());
    }

    /** The compare-and-set that keeps forks out. */
    static Uni<Void> advance(SqlConnection connection, String agency, long old, Growth growth) {
        return connection
                .preparedQuery("update log set size = $3, root = $4 where agency = $1 and size = $2")
                .execute(Tuple.of(agency, old, growth.size(), Buffer.buffer(growth.root())))
                .invoke(updated -> {
                    if (updated.rowCount() != 1) {
                        throw new IllegalStateException("the log of " + agency + " is no longer of size " + old);
                    }
                })
                .replaceWithVoid();
    }
}
