package city.madang.records.log;

import city.madang.kit.worker.BackToCaller;
import city.madang.records.Loop;
import city.madang.tlog.tree.Hashes;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives entries their place in their log: those that other capabilities queued in the database, and those that callers bring.
 * What arrives while one transaction runs goes into the next together. Entries, tiles and size change in one transaction, and
 * the size only from the value that was read: of two sequencers at the same log one fails and starts anew, so a log cannot fork.
 */
@ApplicationScoped
public class LogSequencer {

    private static final Duration IDLE = Duration.ofMillis(100);

    private final Pool pool;
    private final Vertx vertx;
    private final Loop loop;
    private final Map<String, Waiting> logs = new ConcurrentHashMap<>();
    private final Map<String, Edge> edges = new ConcurrentHashMap<>();

    public LogSequencer(Pool pool, Vertx vertx) {
        this.pool = pool;
        this.vertx = vertx;
        this.loop = new Loop("the log sequencer", vertx, IDLE, this::turn);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    /**
     * Appends entries one after the other, all or none, and answers when they are on disk; see {@link RecordLog#append}.
     *
     * @param key idempotency key, unique in the log
     */
    public Uni<Appended> append(String agency, String key, List<byte[]> entries) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return append(agency, new Submission(key, entries, now, Hashes.of(entries.toArray(byte[][]::new))));
    }

    /**
     * Appends and answers when it is on disk. The same key again answers what was logged first, whatever comes with it.
     *
     * @return fails with {@link Waiting.Full} when too many wait; after any other failure the submission may have been
     *     logged, and the same key finds out
     */
    Uni<Appended> append(String agency, Submission submission) {
        return BackToCaller.of(Uni.createFrom().emitter(emitter -> {
            Waiting waiting = logs.computeIfAbsent(agency, Waiting::new);
            waiting.add(submission, emitter);
            if (waiting.begin()) {
                drain(waiting);
            }
        }));
    }

    /** Takes turns at a log until nothing waits in memory. */
    private void drain(Waiting waiting) {
        Context context = vertx.getOrCreateContext();
        context.runOnContext(nothing -> drainOn(waiting));
    }

    private void drainOn(Waiting waiting) {
        List<Waiting.Item> items = waiting.next();
        if (items.isEmpty()) {
            return;
        }
        attempts(waiting.agency(), Waiting.submissions(items))
                .subscribe()
                .with(
                        done -> {
                            items.forEach(item -> item.answer(done.appended()));
                            drainOn(waiting);
                        },
                        failure -> {
                            items.forEach(item -> item.fail(failure));
                            drainOn(waiting);
                        });
    }

    private Uni<Turn.Done> attempts(String agency, List<Submission> submissions) {
        return take(agency, submissions)
                .onFailure(Turn.Overtaken.class)
                .retry()
                .withBackOff(Duration.ofMillis(2), Duration.ofMillis(50))
                .withJitter(1)
                .atMost(LogLimits.ATTEMPTS);
    }

    private Uni<Boolean> turn() {
        return pool.query("select distinct agency from log_queue")
                .execute()
                .chain(rows -> Multi.createFrom()
                        .iterable(rows)
                        .onItem()
                        .transformToUniAndConcatenate(row -> takeTurn(row.getString(0)))
                        .collect()
                        .asList())
                .map(sizes -> sizes.stream().anyMatch(appended -> appended > 0));
    }

    /** Whoever holds the turn already takes what is queued along, or it is found at the next look. */
    private Uni<Integer> takeTurn(String agency) {
        Waiting waiting = logs.computeIfAbsent(agency, Waiting::new);
        return waiting.begin()
                ? attempts(agency, List.of()).map(Turn.Done::fresh).eventually(() -> drainOn(waiting))
                : Uni.createFrom().item(0);
    }

    /** Appends what is queued in the database for the agency, in one attempt; how many entries that were. */
    Uni<Integer> sequence(String agency) {
        return take(agency, List.of()).map(Turn.Done::fresh);
    }

    private Uni<Turn.Done> take(String agency, List<Submission> submissions) {
        return pool.withTransaction(connection -> new Turn(connection, agency, edges.get(agency)).take(submissions))
                .invoke(done -> done.edge().ifPresent(edge -> edges.put(agency, edge)));
    }
}
