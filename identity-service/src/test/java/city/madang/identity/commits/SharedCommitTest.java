package city.madang.identity.commits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.RowSet;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements that share a transaction have nothing else in common. */
@QuarkusTest
class SharedCommitTest {

    private static final int SECONDS = 20;

    /** Takes a name once; a divisor of 0 breaks it. */
    private static final String TAKE =
            "insert into taken_once (name, one) values ($1, 1 / $2::int) on conflict do nothing"
                    + " returning pg_current_xact_id()::text as transaction";

    private static final String TAKE_SLOWLY =
            "with taken as (" + TAKE + ") select transaction, pg_sleep(0.5)::text from taken";

    @Inject
    Pool pool;

    @Inject
    Vertx vertx;

    @BeforeEach
    void table() {
        query("create table taken_once (name text primary key, one int not null)");
    }

    @AfterEach
    void none() {
        query("drop table taken_once");
    }

    private void query(String sql) {
        pool.query(sql).execute().await().atMost(Duration.ofSeconds(SECONDS));
    }

    private int taken() {
        return pool.query("select count(*)::int from taken_once")
                .execute()
                .await()
                .atMost(Duration.ofSeconds(SECONDS))
                .iterator()
                .next()
                .getInteger(0);
    }

    private static CompletableFuture<Optional<Row>> take(SharedCommit shared, String name, int divisor) {
        return shared.run(Tuple.of(name, divisor)).subscribeAsCompletionStage();
    }

    private static Optional<Row> of(CompletableFuture<Optional<Row>> asked) throws Exception {
        return asked.get(SECONDS, TimeUnit.SECONDS);
    }

    private static Set<String> transactions(List<CompletableFuture<Optional<Row>>> asked) throws Exception {
        Set<String> transactions = new HashSet<>();
        for (CompletableFuture<Optional<Row>> each : asked) {
            of(each).ifPresent(row -> transactions.add(row.getString("transaction")));
        }
        return transactions;
    }

    /** Asks while a first turn is under way, which goes on when all have asked. */
    private List<CompletableFuture<Optional<Row>>> together(String... names) {
        return turn(TAKE, "first", names);
    }

    private List<CompletableFuture<Optional<Row>>> turn(String sql, String first, String... names) {
        Promise<Void> allAsked = Promise.promise();
        SharedCommit shared = new SharedCommit(vertx, Duration.ofSeconds(SECONDS), values -> allAsked.future()
                .compose(go -> pool.getDelegate().preparedQuery(sql).executeBatch(values)));
        take(shared, first, 1);
        List<CompletableFuture<Optional<Row>>> asked = new ArrayList<>();
        for (String name : names) {
            asked.add(take(shared, name, name.startsWith("broken") ? 0 : 1));
        }
        allAsked.complete();
        return asked;
    }

    @Test
    void what_is_asked_meanwhile_shares_a_transaction_and_is_there_when_it_is_answered() throws Exception {
        assertEquals(1, transactions(together("a", "b", "c", "d")).size());
        assertEquals(5, taken());
    }

    @Test
    void what_one_has_taken_another_of_the_same_transaction_does_not_get() throws Exception {
        List<CompletableFuture<Optional<Row>>> asked = together("a", "b", "a", "c", "a");
        assertEquals(1, transactions(asked).size());
        assertEquals(
                List.of(true, true, false, true, false),
                asked.stream().map(each -> each.join().isPresent()).toList());
        assertEquals(4, taken());
    }

    @Test
    void one_that_breaks_fails_alone() throws Exception {
        List<CompletableFuture<Optional<Row>>> asked = together("a", "broken", "b", "a");
        assertTrue(of(asked.get(0)).isPresent());
        ExecutionException failed = assertThrows(ExecutionException.class, () -> of(asked.get(1)));
        assertEquals(
                "22012", assertInstanceOf(PgException.class, failed.getCause()).getSqlState());
        assertTrue(of(asked.get(2)).isPresent());
        assertFalse(of(asked.get(3)).isPresent());
        assertEquals(3, taken());
    }

    @Test
    void who_asks_behind_one_that_is_held_up_is_answered() throws Exception {
        SharedCommit shared = new SharedCommit(vertx, pool, TAKE);
        SqlConnection other = pool.getConnection().await().atMost(Duration.ofSeconds(SECONDS));
        try {
            other.query("begin; insert into taken_once values ('held', 1)")
                    .execute()
                    .await()
                    .atMost(Duration.ofSeconds(SECONDS));
            CompletableFuture<Optional<Row>> held = take(shared, "held", 1);
            List<CompletableFuture<Optional<Row>>> behind = List.of(take(shared, "a", 1), take(shared, "b", 1));
            assertEquals(1, transactions(behind).size());
            assertFalse(held.isDone());
            other.query("commit").execute().await().atMost(Duration.ofSeconds(SECONDS));
            assertFalse(of(held).isPresent());
        } finally {
            other.close().await().atMost(Duration.ofSeconds(SECONDS));
        }
    }

    @Test
    void turns_that_wait_for_each_other_are_both_answered_rightly() throws Exception {
        // each takes its second name only when the other has taken its first
        List<CompletableFuture<Optional<Row>>> one = turn(TAKE_SLOWLY, "one", "a", "b");
        List<CompletableFuture<Optional<Row>>> other = turn(TAKE_SLOWLY, "other", "b", "a");
        int a = (of(one.get(0)).isPresent() ? 1 : 0) + (of(other.get(1)).isPresent() ? 1 : 0);
        int b = (of(one.get(1)).isPresent() ? 1 : 0) + (of(other.get(0)).isPresent() ? 1 : 0);
        assertEquals(List.of(1, 1), List.of(a, b));
        assertEquals(4, taken());
    }

    @Test
    void a_turn_is_no_longer_than_one_transaction_may_be() throws Exception {
        String[] names = IntStream.range(0, 2 * SharedCommit.MOST + 1)
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
        assertEquals(3, transactions(together(names)).size());
        assertEquals(names.length + 1, taken());
    }

    @Test
    void nobody_is_left_unanswered_when_the_database_is_gone() throws Exception {
        List<Promise<RowSet<io.vertx.sqlclient.Row>>> turns = new ArrayList<>();
        SharedCommit shared = new SharedCommit(vertx, SharedCommit.LATE, values -> {
            Promise<RowSet<io.vertx.sqlclient.Row>> turn = Promise.promise();
            turns.add(turn);
            return turn.future();
        });
        List<CompletableFuture<Optional<Row>>> asked =
                List.of(take(shared, "a", 1), take(shared, "b", 1), take(shared, "c", 1));
        assertEquals(1, turns.size());
        assertTrue(asked.stream().noneMatch(CompletableFuture::isDone), "not before the commit");
        turns.get(0).fail(new IllegalStateException("the connection was lost"));
        assertEquals(2, turns.size(), "what may have been committed is not tried again");
        turns.get(1).fail(new IllegalStateException("the connection was lost"));
        assertEquals(2, turns.size(), "what may have been committed is not tried again");
        for (CompletableFuture<Optional<Row>> each : asked) {
            assertThrows(ExecutionException.class, () -> of(each));
        }
    }

    @Test
    void what_cannot_even_be_sent_is_answered_and_holds_up_nobody() throws Exception {
        SharedCommit shared = new SharedCommit(vertx, SharedCommit.LATE, values -> {
            if (values.getFirst().getString(0).equals("unsendable")) {
                throw new IllegalArgumentException("it cannot be sent");
            }
            return Future.failedFuture("as expected");
        });
        assertThrows(ExecutionException.class, () -> of(take(shared, "unsendable", 1)));
        ExecutionException next = assertThrows(ExecutionException.class, () -> of(take(shared, "a", 1)));
        assertNotEquals("it cannot be sent", next.getCause().getMessage());
    }
}
