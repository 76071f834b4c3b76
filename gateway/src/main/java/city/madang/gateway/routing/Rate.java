package city.madang.gateway.routing;

/**
 * A token bucket.
 *
 * @param perSecond how many requests a second are added to it
 * @param burst how many it holds
 */
public record Rate(int perSecond, int burst) {

    /** A rate under which nothing is ever refused is no rate. */
    public Rate {
        if (perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException("a rate must let at least one request pass");
        }
    }

    /** Nanoseconds from one request to the next at this rate. */
    public long intervalNanos() {
        return 1_000_000_000L / perSecond;
    }

    /** Seconds in which an empty bucket fills, at least 1. */
    public int windowSeconds() {
        return Math.max(1, Math.ceilDiv(burst, perSecond));
    }
}
