package city.madang.records.verification;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How often a caller may ask: some at once, and then one in a while. Of callers beyond the most, the one that was away longest is forgotten. */
final class Allowance {

    private final int burst;
    private final long refillNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> callers;

    /** @param filled requests that were left at {@code since} */
    private record Bucket(double filled, long since) {}

    Allowance(int burst, Duration refill, int mostCallers, LongSupplier nanoTime) {
        this.burst = burst;
        this.refillNanos = refill.toNanos();
        this.nanoTime = nanoTime;
        this.callers = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > mostCallers;
            }
        };
    }

    synchronized boolean take(String caller) {
        long now = nanoTime.getAsLong();
        Bucket before = callers.getOrDefault(caller, new Bucket(burst, now));
        double filled = Math.min(burst, before.filled() + (double) (now - before.since()) / refillNanos);
        boolean granted = filled >= 1;
        callers.put(caller, new Bucket(granted ? filled - 1 : filled, now));
        return granted;
    }
}
