package city.madang.gateway.limits;

import city.madang.gateway.cache.Caches;
import com.github.benmanes.caffeine.cache.Cache;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Buckets of this process. Of each only one number is kept, the time at which it will be full again (the generic cell rate algorithm, ITU-T
 * I.371): a bucket that nobody has touched for long is full, so forgetting it changes nothing.
 */
public final class MemoryCounters {

    /** No bucket takes longer to fill. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final LongSupplier nanoClock;
    private final Cache<String, AtomicLong> fullAgain;

    /**
     * Counters.
     *
     * @param most buckets that are kept; beyond, those are forgotten that are used least
     * @param nanoClock as {@link System#nanoTime()}
     */
    public MemoryCounters(int most, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.fullAgain = Caches.bounded(most).expireAfterAccess(FORGOTTEN).build();
    }

    /** Takes all charges or, if one of the buckets is empty, none. */
    public Standing take(List<Charge> charges) {
        long now = nanoClock.getAsLong();
        Standing nearest = null;
        for (int i = 0; i < charges.size(); i++) {
            Standing standing = take(charges.get(i), now);
            if (!standing.passes()) {
                charges.subList(0, i).forEach(this::giveBack);
                return standing;
            }
            if (nearest == null || standing.left() < nearest.left()) {
                nearest = standing;
            }
        }
        if (nearest == null) {
            throw new IllegalArgumentException("nothing to charge");
        }
        return nearest;
    }

    /** How it stands with a bucket, out of which nothing is taken. */
    public Standing look(Charge charge) {
        AtomicLong cell = fullAgain.getIfPresent(charge.bucket());
        long now = nanoClock.getAsLong();
        return standing(
                charge,
                (cell == null ? now : later(cell.get(), now)) + charge.rate().intervalNanos() - now);
    }

    private Standing take(Charge charge, long now) {
        AtomicLong cell = fullAgain.get(charge.bucket(), unknown -> new AtomicLong(now));
        while (true) {
            long before = cell.get();
            long after = later(before, now) + charge.rate().intervalNanos();
            Standing standing = standing(charge, after - now);
            if (!standing.passes() || cell.compareAndSet(before, after)) {
                return standing;
            }
        }
    }

    private void giveBack(Charge charge) {
        AtomicLong cell = fullAgain.getIfPresent(charge.bucket());
        if (cell != null) {
            cell.addAndGet(-charge.rate().intervalNanos());
        }
    }

    /** @param debt nanoseconds until the bucket would be full again after this request */
    private static Standing standing(Charge charge, long debt) {
        long interval = charge.rate().intervalNanos();
        long room = interval * charge.rate().burst() - debt;
        return room < 0 ? new Standing(charge, 0, -room) : new Standing(charge, room / interval, 0);
    }

    /** The clock has no origin, so only differences mean something. */
    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
