package city.madang.payment.reconciliation;

import city.madang.contracts.Bytes32;
import city.madang.payment.chain.ChainMarks;
import city.madang.payment.chain.LedgerState;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compares the books with the contract, one comparison at a time, beside settlement: that begins one at a moment when nothing is on its way
 * and goes on, however many accounts there are to look at.
 */
@ApplicationScoped
public class Reconciler {

    private static final Logger LOG = Logger.getLogger(Reconciler.class);
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Pool pool;
    private final Reports reports;
    private final ChainMarks marks;
    private final ReconciliationConfig config;
    private final AtomicInteger drift = new AtomicInteger();
    private final Queue<Bytes32> changed = new ConcurrentLinkedQueue<>();

    /** Payments of batches before this one were found to agree. */
    private long agreed;

    private int runs;
    private volatile @Nullable Thread running;
    private volatile boolean failed;

    Reconciler(Pool pool, Reports reports, ChainMarks marks, ReconciliationConfig config, MeterRegistry meters) {
        this.pool = pool;
        this.reports = reports;
        this.marks = marks;
        this.config = config;
        meters.gauge("madang.payment.reconciliation.differences", drift);
    }

    /**
     * Takes the books and the contract as they are; compares them and notes the result on a thread of its own. Does nothing while one
     * is being compared. To be called while nothing is on its way to the chain. Blocking.
     */
    public void begin(LedgerState.Ready ledger) {
        if (isRunning()) {
            return;
        }
        Comparison comparison = Comparison.begin(ledger, pool);
        running = Thread.ofPlatform().daemon().name("reconciliation").start(() -> work(comparison));
    }

    /** Whether one is being compared. */
    public boolean isRunning() {
        Thread thread = running;
        return thread != null && thread.isAlive();
    }

    /** Whether the last one came to no result. */
    public boolean hasFailed() {
        return failed;
    }

    /** Whether this process found a difference when it last compared: what has begun need not wait until the report is read. */
    public boolean hasFoundDrift() {
        return drift.get() > 0;
    }

    /**
     * An account whose key or freeze the contract had otherwise; each is told once. For whoever alone changes them on the contract: to be
     * looked at again, since it may have changed meanwhile.
     */
    public Optional<Bytes32> nextChanged() {
        return Optional.ofNullable(changed.poll());
    }

    /** The latest result, empty before the first. */
    public Uni<Optional<Reconciliation>> latest() {
        return reports.latest();
    }

    void stop(@Observes ShutdownEvent stopping) throws InterruptedException {
        Thread thread = running;
        if (thread != null) {
            thread.interrupt();
            thread.join(STOP_TIMEOUT);
        }
    }

    private void work(Comparison comparison) {
        try (comparison) {
            compare(comparison);
            failed = false;
        } catch (RuntimeException | Error unfinished) { // even an error must not end this thread unseen
            failed = true;
            if (!Thread.currentThread().isInterrupted()) {
                LOG.warn("a comparison with the contract came to no result and is begun again", unfinished);
            }
        }
    }

    private void compare(Comparison comparison) {
        boolean all = runs % config.allEvery() == 0;
        Reconciliation result = comparison.run(all ? 0 : agreed);
        long watermark = comparison.watermark();
        if (!comparison.stillStands()) {
            throw new IllegalStateException("the chain has replaced the block that was compared");
        }
        runs++;
        // before the report can be read
        drift.set(result.drift());
        reports.add(result).await().atMost(DATABASE_TIMEOUT);
        changed.addAll(comparison.changed());
        if (result.agrees()) {
            agreed = watermark;
            comparison.last().ifPresent(mark -> marks.agree(mark.number(), mark.hash()));
        } else {
            LOG.errorf(
                    "the database and the contract disagree: %d accounts, %d nonces or bills, supply %d against %d;"
                            + " settlement stops",
                    result.differences().size(), result.findings().size(), result.supply(), result.chainSupply());
        }
    }
}
