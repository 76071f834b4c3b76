package city.madang.identity.commits;

import city.madang.kit.worker.BackToCaller;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One statement for all who ask for it: what is asked while an earlier turn is under way goes together in the next, over one connection and
 * in one transaction. Each asker's statement runs by itself, in the order in which they asked, and sees what those before it did; everyone
 * is answered for their own, and only after the commit. Who asks when nothing is under way does not wait.
 */
public final class SharedCommit {

    private static final Logger LOG = Logger.getLogger(SharedCommit.class);

    /** The most that one transaction takes: a row that one of them locks is locked until all are done. */
    static final int MOST = 64;

    /** So long it may take to be taken along; then a turn begins beside one that is held up. */
    static final Duration LATE = Duration.ofMillis(10);

    /** Turns at once. */
    static final int AT_ONCE = 4;

    /**
     * Classes of SQLSTATE that one asker's values, or what others do to the same rows, bring about: data, constraints, deadlocks, locks, and
     * what triggers raise. The transaction has come to nothing for certain.
     */
    private static final Set<String> OF_AN_ASKER = Set.of("22", "23", "40", "55", "P0");

    private static final int CLASS_LENGTH = 2;

    private final Vertx vertx;
    private final Duration late;
    private final Function<List<io.vertx.sqlclient.Tuple>, Future<RowSet<io.vertx.sqlclient.Row>>> statement;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int running;
    private boolean watched;

    /** @param sql gives one row or none */
    public SharedCommit(Vertx vertx, Pool pool, String sql) {
        // of one batch PostgreSQL makes one transaction: there is one Sync, at its end
        this(vertx, LATE, values -> pool.getDelegate().preparedQuery(sql).executeBatch(values));
    }

    SharedCommit(
            Vertx vertx,
            Duration late,
            Function<List<io.vertx.sqlclient.Tuple>, Future<RowSet<io.vertx.sqlclient.Row>>> batch) {
        this.vertx = vertx;
        this.late = late;
        this.statement = batch;
    }

    private record Waiting(Tuple values, long since, CompletableFuture<Optional<Row>> result) {

        void answer(io.vertx.sqlclient.@Nullable Row row) {
            result.complete(Optional.ofNullable(row).map(Row::newInstance));
        }

        void fail(Throwable failure) {
            result.completeExceptionally(failure);
        }
    }

    /** Runs the statement with these values: its row, once that is committed. */
    public Uni<Optional<Row>> run(Tuple values) {
        return BackToCaller.of(Uni.createFrom().completionStage(() -> {
            Waiting one = new Waiting(values, System.nanoTime(), new CompletableFuture<>());
            begin(enter(one));
            return one.result();
        }));
    }

    private synchronized List<Waiting> enter(Waiting one) {
        waiting.add(one);
        if (running == 0) {
            return take();
        }
        watch();
        return List.of();
    }

    private synchronized List<Waiting> ended() {
        running--;
        return running == 0 ? take() : List.of();
    }

    private synchronized List<Waiting> late() {
        watched = false;
        Waiting first = waiting.peek();
        if (first == null) {
            return List.of();
        }
        boolean isLate = System.nanoTime() - first.since() >= late.toNanos();
        List<Waiting> turn = isLate && running < AT_ONCE ? take() : List.of();
        if (!waiting.isEmpty()) {
            watch();
        }
        return turn;
    }

    private void watch() {
        if (!watched) {
            watched = true;
            vertx.setTimer(late.toMillis(), timer -> begin(late()));
        }
    }

    private List<Waiting> take() {
        List<Waiting> turn = new ArrayList<>(Math.min(MOST, waiting.size()));
        while (turn.size() < MOST && !waiting.isEmpty()) {
            turn.add(waiting.remove());
        }
        if (!turn.isEmpty()) {
            running++;
        }
        return turn;
    }

    private void begin(List<Waiting> turn) {
        if (!turn.isEmpty()) {
            execute(turn).onComplete(rows -> {
                begin(ended());
                if (rows.succeeded()) {
                    answer(turn, rows.result());
                } else {
                    fail(turn, rows.cause());
                }
            });
        }
    }

    private Future<RowSet<io.vertx.sqlclient.Row>> execute(List<Waiting> turn) {
        try {
            return statement.apply(
                    turn.stream().map(one -> one.values().getDelegate()).toList());
        } catch (RuntimeException failed) { // not even that may leave anyone without an answer
            return Future.failedFuture(failed);
        }
    }

    private static void answer(List<Waiting> turn, RowSet<io.vertx.sqlclient.Row> all) {
        RowSet<io.vertx.sqlclient.Row> rows = all;
        for (Waiting one : turn) {
            if (rows == null) {
                one.fail(new IllegalStateException("the database answered fewer than asked"));
                continue;
            }
            RowIterator<io.vertx.sqlclient.Row> found = rows.iterator();
            one.answer(found.hasNext() ? found.next() : null);
            rows = rows.next();
        }
    }

    /** Whoever is not to blame gets what they asked for. */
    private void fail(List<Waiting> turn, Throwable failure) {
        if (turn.size() == 1 || !isOfAnAsker(failure)) {
            turn.forEach(one -> one.fail(failure));
            return;
        }
        LOG.info("a shared transaction was refused; its statements run one by one", failure);
        turn.forEach(one -> execute(List.of(one)).onComplete(rows -> {
            if (rows.succeeded()) {
                answer(List.of(one), rows.result());
            } else {
                one.fail(rows.cause());
            }
        }));
    }

    private static boolean isOfAnAsker(Throwable failure) {
        return failure instanceof PgException refused
                && refused.getSqlState() != null
                && refused.getSqlState().length() > CLASS_LENGTH
                && OF_AN_ASKER.contains(refused.getSqlState().substring(0, CLASS_LENGTH));
    }
}
