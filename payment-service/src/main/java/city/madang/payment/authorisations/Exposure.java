package city.madang.payment.authorisations;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * How much is accepted and not yet final: what would be unwound if the ledger were lost now. It is bounded, so that accepting can go
 * on while the chain is away and still ends before the risk grows beyond what the city has agreed to carry.
 *
 * <p>The sum is read from the database every so often and counted on here in between, rather too high than too low; other processes'
 * payments show at the next reading.
 */
@ApplicationScoped
class Exposure {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String SUM =
            "select coalesce(sum(coalesce(captured_amount, amount)), 0)::bigint from transfer where state = 'accepted'";

    /** How many times as long as the last reading took the next one is not begun. */
    private static final int REST = 20;

    private final Pool pool;
    private final long most;
    private long read = -1;
    private long committedAtRead;
    private long committed;
    private long reserved;
    private volatile long notBefore = System.nanoTime();

    Exposure(Pool pool, AcceptanceConfig config, MeterRegistry meters) {
        this.pool = pool;
        this.most = config.exposureMax();
        meters.gauge("madang.payment.exposure", this, Exposure::present);
        meters.gauge("madang.payment.exposure.limit", this, exposure -> exposure.most);
    }

    /**
     * Sets aside room for payments that are about to be decided; {@link #release} must follow. Blocking at the first call.
     *
     * @param won all of them together
     * @return won of them that there is room for
     */
    long reserve(long won) {
        if (unread()) {
            readAnew().await().atMost(TIMEOUT);
        }
        synchronized (this) {
            long room = Math.clamp(most - present(), 0, won);
            reserved += room;
            return room;
        }
    }

    /** The payments have been decided, and won of them accepted. */
    synchronized void release(long room, long accepted) {
        reserved -= room;
        committed += accepted;
    }

    /**
     * Reads the sum anew; what settles makes room. The more payments wait, the longer that takes and the less often it is done, so that an hour
     * without a chain does not leave the database to adding up what waits.
     */
    @Scheduled(
            every = "${madang.acceptance.exposure-every:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> reread() {
        long begun = System.nanoTime();
        if (begun - notBefore < 0) {
            return Uni.createFrom().voidItem();
        }
        return readAnew()
                .invoke(() -> {
                    long now = System.nanoTime();
                    notBefore = now + REST * (now - begun);
                })
                // what is counted on here meanwhile is rather too high
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> readAnew() {
        long before = before();
        return pool.query(SUM)
                .execute()
                .invoke(rows -> take(before, rows.iterator().next().getLong(0)))
                .replaceWithVoid();
    }

    private synchronized boolean unread() {
        return read < 0;
    }

    private synchronized long before() {
        return committed;
    }

    private synchronized void take(long committedBefore, long sum) {
        read = sum;
        committedAtRead = committedBefore;
    }

    private synchronized long present() {
        return Math.max(read, 0) + committed - committedAtRead + reserved;
    }
}
