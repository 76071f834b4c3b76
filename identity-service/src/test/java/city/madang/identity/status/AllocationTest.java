package city.madang.identity.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.settings.IdentitySettings;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** No two credentials ever get the same place, however many processes give places, and however they end. */
@QuarkusTest
class AllocationTest {

    @Inject
    Pool pool;

    @Inject
    IdentitySettings settings;

    /** As another process would have it: nothing shared but the database. */
    private StatusIndexes process() {
        return new StatusIndexes(new StatusLists(pool, settings), settings);
    }

    private String agency() {
        String id = "t" + UUID.randomUUID().toString().substring(0, 20);
        pool.preparedQuery("insert into agency (id, name_ko, name_en, registered) values ($1, 'a', 'a', now())")
                .execute(Tuple.of(id))
                .await()
                .indefinitely();
        return id;
    }

    private static List<StatusRef> take(StatusIndexes process, String agency, int bits, int count) {
        return process.allocate(agency, bits, count).await().indefinitely();
    }

    /** A list of its own, nearly used up or of another size. */
    private UUID list(String agency, int bits, int size, int taken) {
        UUID id = UUID.randomUUID();
        pool.preparedQuery("insert into status_list (id, agency, bits, size, secret, taken, created)"
                        + " values ($1, $2, $3, $4, decode(repeat('ab', 32), 'hex'), $5, now() - interval '1 day')")
                .execute(Tuple.of(id, agency, bits, size, taken))
                .await()
                .indefinitely();
        return id;
    }

    @Test
    void processes_that_give_at_once_and_are_killed_in_between_never_give_a_place_twice() throws Exception {
        String agency = agency();
        int takers = 8;
        int rounds = 60;
        CountDownLatch go = new CountDownLatch(1);
        List<Future<List<StatusRef>>> results = new ArrayList<>();
        StatusIndexes shared = process();
        try (ExecutorService senders = Executors.newFixedThreadPool(takers)) {
            for (int taker = 0; taker < takers; taker++) {
                int number = taker;
                results.add(senders.submit(() -> {
                    go.await();
                    List<StatusRef> given = new ArrayList<>();
                    // half of them share a process; the others are processes of their own that are killed and started
                    // again
                    StatusIndexes own = number % 2 == 0 ? shared : process();
                    for (int round = 0; round < rounds; round++) {
                        given.addAll(take(own, agency, 2, 1 + (round % 30)));
                        if (number % 2 == 1 && round % 9 == 8) {
                            own = process();
                        }
                    }
                    return given;
                }));
            }
            go.countDown();
        }
        Set<StatusRef> all = new HashSet<>();
        int given = 0;
        for (Future<List<StatusRef>> result : results) {
            given += result.get().size();
            all.addAll(result.get());
        }
        assertEquals(takers * rounds * 31 / 2, given);
        assertEquals(given, all.size(), "a place was given twice");
        assertEquals(1, all.stream().map(StatusRef::list).distinct().count(), "several opened a list at once");
        assertTrue(all.stream().allMatch(ref -> ref.index() >= 0 && ref.index() < 1 << 20));
        assertTrue(all.stream().allMatch(ref -> ref.uri().endsWith("/identity/status-lists/" + ref.list())));
    }

    @Test
    void a_full_list_is_followed_by_a_new_one_and_a_batch_may_span_both() throws Exception {
        String agency = agency();
        UUID full = list(agency, 1, 1000, 995);
        List<Future<List<StatusRef>>> results = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService senders = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < 6; i++) {
                StatusIndexes process = process();
                results.add(senders.submit(() -> {
                    go.await();
                    return take(process, agency, 1, 10);
                }));
            }
            go.countDown();
        }
        List<StatusRef> all = new ArrayList<>();
        for (Future<List<StatusRef>> result : results) {
            all.addAll(result.get());
        }
        assertEquals(60, Set.copyOf(all).size());
        assertEquals(5, all.stream().filter(ref -> ref.list().equals(full)).count(), "the last places are used");
        assertEquals(2, all.stream().map(StatusRef::list).distinct().count(), "one list was opened");
        assertTrue(all.stream()
                .filter(ref -> ref.list().equals(full))
                .allMatch(ref -> ref.index() >= 0 && ref.index() < 1000));
    }

    @Test
    void widths_and_agencies_have_lists_of_their_own() {
        StatusIndexes process = process();
        String one = agency();
        String other = agency();
        Set<UUID> lists = new HashSet<>();
        for (String agency : List.of(one, other)) {
            for (int bits : new int[] {1, 2, 8}) {
                List<StatusRef> refs = take(process, agency, bits, 3);
                assertEquals(1, refs.stream().map(StatusRef::list).distinct().count());
                lists.add(refs.getFirst().list());
            }
        }
        assertEquals(6, lists.size());
    }

    @Test
    void a_list_is_given_out_to_its_last_place() {
        String agency = agency();
        UUID small = list(agency, 8, 3000, 0);
        Set<Integer> given = new HashSet<>();
        StatusIndexes process = process();
        for (int i = 0; i < 100; i++) {
            take(process, agency, 8, 30).stream()
                    .filter(ref -> ref.list().equals(small))
                    .forEach(ref -> given.add(ref.index()));
        }
        assertEquals(3000, given.size());
    }
}
