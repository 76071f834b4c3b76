package city.madang.records.log;

import city.madang.kit.worker.OffLoop;
import city.madang.records.Loop;
import city.madang.records.log.cosigning.Cosigners;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.Proofs;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Signs a checkpoint of every log that has grown, and publishes it when the quorum of witnesses has cosigned. What is not under a published checkpoint is not told to anyone. Before it signs, it proves from
 * the tiles that the log begins with what was published last: a log whose database was set back or altered gets no signature. No lock is held
 * while it signs; of several processes the one that publishes the larger size wins, and never does a checkpoint go back.
 */
@ApplicationScoped
public class CheckpointPublisher {

    private static final Logger LOG = Logger.getLogger(CheckpointPublisher.class);

    private static final Duration IDLE = Duration.ofMillis(200);

    /** Pause before a log that could not be published is tried again. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(2);

    private final Pool pool;
    private final LogKeys keys;
    private final LogReader reader;
    private final Cosigners cosigners;
    private final Loop loop;
    private final Map<String, Instant> refused = new ConcurrentHashMap<>();

    CheckpointPublisher(Pool pool, LogKeys keys, LogReader reader, Cosigners cosigners, Vertx vertx) {
        this.pool = pool;
        this.keys = keys;
        this.reader = reader;
        this.cosigners = cosigners;
        // a pause after every turn: what grows meanwhile is under one checkpoint
        this.loop = new Loop(
                "the checkpoint publisher", vertx, IDLE, () -> publishAll().replaceWith(false));
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private record Signed(VerifierKey key, SignedNote note) {}

    /** A log that has grown. */
    private record Grown(Checkpoint head, long publishedSize, byte[] publishedRoot, String agency) {

        static Grown of(Row row) {
            Buffer published = row.getBuffer("published_root") == null
                    ? Buffer.buffer(Hashes.empty())
                    : row.getBuffer("published_root").getDelegate();
            return new Grown(
                    new Checkpoint(
                            row.getString("origin"),
                            row.getLong("size"),
                            row.getBuffer("root").getBytes()),
                    Math.max(0, row.getLong("published_size")),
                    published.getBytes(),
                    row.getString("agency"));
        }
    }

    Uni<Void> publishAll() {
        return pool.query("select agency, origin, size, root, published_size, published_root from log"
                        + " where size > published_size")
                .execute()
                .chain(rows -> Multi.createFrom()
                        .iterable(rows)
                        .onItem()
                        .transformToUniAndConcatenate(row -> publish(Grown.of(row)))
                        .collect()
                        .asList())
                .replaceWithVoid();
    }

    /** One log that cannot be published keeps no other from it. */
    private Uni<Boolean> publish(Grown log) {
        if (Instant.now().isBefore(refused.getOrDefault(log.agency(), Instant.MIN))) {
            return Uni.createFrom().item(false);
        }
        return reader.consistency(log.agency(), log.publishedSize(), log.head().size())
                .invoke(proof -> requireGrowth(log, proof))
                .chain(() -> OffLoop.call(() ->
                        new Signed(keys.verifierKey(log.agency()).orElseThrow(), keys.sign(log.agency(), log.head()))))
                .chain(signed -> cosigners.cosign(
                        log.agency(),
                        signed.key(),
                        signed.note(),
                        (older, newer) -> reader.consistency(log.agency(), older, newer)))
                .chain(note -> pool.preparedQuery(
                                "update log set published_size = $2, published_root = $3, checkpoint = $4"
                                        + " where agency = $1 and published_size < $2")
                        .execute(Tuple.of(
                                log.agency(),
                                log.head().size(),
                                Buffer.buffer(log.head().root()),
                                note.format())))
                .map(updated -> updated.rowCount() == 1)
                .onFailure()
                .recoverWithItem(failure -> {
                    refused.put(log.agency(), Instant.now().plus(AFTER_REFUSAL));
                    LOG.errorf("no checkpoint of the log of %s: %s", log.agency(), failure.getMessage());
                    return false;
                });
    }

    /** A log must not sign what is inconsistent with what it signed before (C2SP tlog-checkpoint, "Signatures"). */
    private static void requireGrowth(Grown log, List<byte[]> proof) {
        if (!Proofs.consistent(
                log.publishedSize(),
                log.publishedRoot(),
                log.head().size(),
                log.head().root(),
                proof)) {
            throw new IllegalStateException("its tiles do not lead from the published size " + log.publishedSize()
                    + " to " + log.head().size());
        }
    }
}
