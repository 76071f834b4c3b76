package city.madang.records.log;

import city.madang.records.Loop;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;

/** Looks again and again for rows of which nobody has been told, and has each told of once a published checkpoint covers its log entry. */
final class WhenPublished {

    /** Rows that are looked at together. */
    private static final int PAGE = 100;

    private final Tidings tidings;
    private final Pool pool;
    private final RecordLog log;
    private final Loop loop;
    private int offset;

    WhenPublished(Tidings tidings, Vertx vertx, Pool pool, RecordLog log) {
        this.tidings = tidings;
        this.pool = pool;
        this.log = log;
        this.loop = new Loop(tidings.name(), vertx, tidings.idle(), this::turn);
    }

    void start() {
        loop.start();
    }

    void stop() {
        loop.stop();
    }

    /** A page after the other: what waits for a log that is not published, or fails, keeps nothing else from being told. */
    private Uni<Boolean> turn() {
        return pool.query(tidings.untold() + " limit " + PAGE + " offset " + offset)
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
        return log.publishedIndex(row.getString("agency"), tidings.key(row))
                .chain(index -> index.map(found -> tidings.tell(row, found))
                        .orElseGet(() -> Uni.createFrom().item(false)));
    }
}
