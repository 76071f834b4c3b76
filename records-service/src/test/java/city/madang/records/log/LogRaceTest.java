package city.madang.records.log;

import static city.madang.records.OtherServices.awaitTrue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.records.TrustAnchorResource;
import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Hashes;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.Test;

/** Several sequencers, the service's own among them, at one log. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class LogRaceTest {

    private static final int WRITERS = 12;
    private static final int EACH = 50;

    @Inject
    Pool pool;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    RecordLog log;

    @Inject
    LogSequencer sequencer;

    @Inject
    LogReader reader;

    private void create(String agency) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> sessions.withTransaction(session -> log.create(session, agency)));
    }

    @Test
    void of_sequencers_that_saw_the_same_size_one_wins_and_nothing_is_lost_or_doubled() throws Throwable {
        String agency = "forked-log";
        create(agency);
        SqlConnection holder = pool.getConnection().await().indefinitely();
        holder.query("begin").execute().await().indefinitely();
        holder.preparedQuery("select size from log where agency = $1 for update")
                .execute(Tuple.of(agency))
                .await()
                .indefinitely();
        Set<String> keys = new TreeSet<>();
        for (int i = 0; i < 7; i++) {
            keys.add("fork/" + i);
            log.queue(pool, agency, "fork/" + i, ("entry of fork/" + i).getBytes(UTF_8))
                    .await()
                    .indefinitely();
        }
        List<CompletableFuture<Integer>> racers = IntStream.range(0, 2)
                .mapToObj(i -> sequencer.sequence(agency).subscribeAsCompletionStage())
                .toList();
        // both and the service's own have read size 0 and wait to write the new one
        awaitTrue(
                "three sequencers at the same size",
                () -> pool.query("select pid from pg_stat_activity where"
                                        + " wait_event_type = 'Lock' and query like 'update log set size%'")
                                .execute()
                                .await()
                                .indefinitely()
                                .size()
                        == 3);
        holder.query("commit").execute().await().indefinitely();
        holder.close().await().indefinitely();
        long lost = racers.stream()
                .filter(racer -> {
                    try {
                        assertEquals(7, racer.join());
                        return false;
                    } catch (java.util.concurrent.CompletionException refused) {
                        assertTrue(
                                refused.getCause().getMessage().contains("is no longer of size 0"), refused.toString());
                        return true;
                    }
                })
                .count();
        assertTrue(lost >= 1, "two won");
        check(agency, keys);
    }

    @Test
    void what_many_writers_queue_at_once_is_logged_exactly_once_under_the_oracles_root() throws Throwable {
        String agency = "busy-log";
        create(agency);
        Set<String> keys = new TreeSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 2)) {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                List<String> own = new ArrayList<>();
                for (int i = 0; i < EACH; i++) {
                    // every second key is queued by a neighbour too
                    own.add("busy/" + (i % 2 == 0 ? writer : writer / 2 * 2) + "/" + i);
                }
                keys.addAll(own);
                Collections.shuffle(own, new Random(writer));
                running.add(threads.submit(
                        () -> own.forEach(key -> log.queue(pool, agency, key, ("entry of " + key).getBytes(UTF_8))
                                .await()
                                .indefinitely())));
            }
            for (int i = 0; i < 2; i++) {
                running.add(threads.submit(() -> {
                    for (int turn = 0; turn < 40; turn++) {
                        sequencer
                                .sequence(agency)
                                .onFailure()
                                .recoverWithItem(0)
                                .await()
                                .indefinitely();
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        assertEquals(WRITERS * EACH * 3 / 4, keys.size());
        check(agency, keys);
    }

    private void check(String agency, Set<String> keys) {
        awaitTrue("all is published", () -> reader.published(agency)
                .await()
                .indefinitely()
                .filter(published -> published.size() >= keys.size())
                .isPresent());
        List<byte[]> entries = new ArrayList<>();
        Set<String> logged = new TreeSet<>();
        for (Row row : pool.preparedQuery("select entries from log_bundle where agency = $1 order by bundle")
                .execute(Tuple.of(agency))
                .await()
                .indefinitely()) {
            entries.addAll(EntryBundle.entries(row.getBuffer(0).getBytes()));
        }
        for (Row row : pool.preparedQuery("select key, index from log_key where agency = $1 order by index")
                .execute(Tuple.of(agency))
                .await()
                .indefinitely()) {
            assertEquals(logged.size(), row.getLong(1));
            assertEquals("entry of " + row.getString(0), new String(entries.get(logged.size()), UTF_8));
            assertTrue(logged.add(row.getString(0)), row.getString(0) + " stands twice");
        }
        assertEquals(logged.size(), entries.size());
        assertEquals(keys, logged);
        LogReader.Published published =
                reader.published(agency).await().indefinitely().orElseThrow();
        assertEquals(keys.size(), published.size());
        assertArrayEquals(root(entries), published.root());
        for (int index : new int[] {0, keys.size() / 2, keys.size() - 1}) {
            assertTrue(reader.holds(agency, index, entries.get(index)).await().indefinitely());
        }
    }

    /** RFC 6962 §2.1, word for word. */
    private static byte[] root(List<byte[]> entries) {
        if (entries.size() == 1) {
            return Hashes.of(new byte[] {0}, entries.getFirst());
        }
        int split = Integer.highestOneBit(entries.size() - 1);
        return Hashes.of(new byte[] {1}, root(entries.subList(0, split)), root(entries.subList(split, entries.size())));
    }
}
