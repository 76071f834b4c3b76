package city.madang.records.log;

import city.madang.records.Loop;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.util.function.Function;

/** Looks again and again for rows of which nobody has been told, and has each told of once a published checkpoint covers its log entry. */
public final class WhenPublished {

    /** Rows that are looked at together. */
    private static final int PAGE = 100;

    private final Pool pool;
    private final RecordLog log;
    private final String untold;
    private final Function<Row, String> key;
    private final Telling telling;
    private final Loop loop;
    private int offset;

    /** What is done about a row whose entry is published, at its index in the log; whether it was done. */
    public interface Telling {
        Uni<Boolean> tell(Row row, long index);
    }

    /**
     * @param name of the loop, for the service's log
     * @param untold the query, ordered and without a limit; its rows name their {@code agency}
     * @param key under which the entry of a row was queued
     */
    public WhenPublished(
            String name,
            Vertx vertx,
            Duration idle,
            Pool pool,
            RecordLog log,
            String untold,
            Function<Row, String> key,
            Telling telling) {
        this.pool = pool;
        this.log = log;
        this.untold = untold;
        this.key = key;
        this.telling = telling;
        this.loop = new Loop(name, vertx, idle, this::turn);
    }

    public void start() {
        loop.start();
    }

    public void stop() {
        loop.stop();
    }

    /** A page after the other: what waits for a log that is not published, or fails, keeps nothing else from being told. */
    private Uni<Boolean> turn() {
        return pool.query(untold + " limit " + PAGE + " offset " + offset)
                .execute()
                .chain(rows -> {
                    offset = rows.size() == PAGE ? offset + PAGE : 0;
                    return Multi.createFrom()
                            .iterable(rows)
                            .onItem()
                            .transformToUni(this::tellIfPublished)
                            .collectFailures()
                            .concatenate()
                            .collect()
                            .asList();
                })
                .map(told -> told.contains(true))
                .invoke(any -> offset = any ? 0 : offset);
    }

    private Uni<Boolean> tellIfPublished(Row row) {
        return log.publishedIndex(row.getString("agency"), key.apply(row))
                .chain(index -> index.map(found -> telling.tell(row, found))
                        .orElseGet(() -> Uni.createFrom().item(false)));
    }
}
