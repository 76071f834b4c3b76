package city.madang.kit.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a turn of the relay costs depends on what waits, not on what has gone and is not yet cleared away. */
@QuarkusTest
class RelayCostTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** A connection that is idle tells what it has read ten seconds later at the latest (PGSTAT_IDLE_INTERVAL). */
    private static final Duration TOLD = Duration.ofSeconds(11);

    /** Of turns that select, and of some that delete. */
    private static final long ENOUGH = 40;

    @Inject
    Pool pool;

    @Inject
    Outbox outbox;

    @Test
    void the_outbox_is_read_along_its_index_however_empty_it_is_thought_to_be() throws InterruptedException {
        // what others have read before is counted by then
        Thread.sleep(TOLD.toMillis());
        pool.query("analyze outbox").execute().await().atMost(SOON);
        long whole = scans("seq_scan");
        long along = scans("idx_scan");
        Instant deadline = Instant.now().plus(SOON);

        while (scans("idx_scan") < along + ENOUGH && Instant.now().isBefore(deadline)) {
            Event event = Event.now("thing.happened", UUID.randomUUID().toString(), new JsonObject().put("step", 1));
            pool.withTransaction(connection -> outbox.add(connection, List.of(event)))
                    .await()
                    .atMost(SOON);
            Thread.sleep(100);
        }

        assertTrue(scans("idx_scan") >= along + ENOUGH, "the relay reads the outbox along its index");
        assertEquals(whole, scans("seq_scan"), "nobody reads the whole outbox");
    }

    private long scans(String kind) {
        Row row = pool.query("select " + kind + " from pg_stat_user_tables where relname = 'outbox'")
                .execute()
                .await()
                .atMost(SOON)
                .iterator()
                .next();
        return row.getLong(0);
    }
}
