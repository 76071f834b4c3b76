package city.madang.gateway.limits;

import java.util.concurrent.TimeUnit;

/**
 * How it stands with the bucket that is nearest to its end.
 *
 * @param charge to that bucket
 * @param left requests that it still holds; 0 if this one was refused
 * @param waitNanos until it holds one, 0 if this one passes
 */
public record Standing(Charge charge, long left, long waitNanos) {

    /** Whether the request passes. */
    public boolean passes() {
        return waitNanos == 0;
    }

    /** {@code Retry-After}: whole seconds, at least 1 (RFC 9110, section 10.2.3). */
    public String retryAfter() {
        return Long.toString(Math.max(1, seconds(waitNanos)));
    }

    /** {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers): quota, and the seconds in which it comes back. */
    public String policyField() {
        return '"' + charge.policy() + "\";q=" + charge.rate().burst() + ";w="
                + charge.rate().windowSeconds();
    }

    /** {@code RateLimit}: what is left, and the seconds until all of it is back. */
    public String field() {
        long full = (charge.rate().burst() - left) * charge.rate().intervalNanos();
        return '"' + charge.policy() + "\";r=" + left + ";t=" + seconds(full);
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1));
    }
}
