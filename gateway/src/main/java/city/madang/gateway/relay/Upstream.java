package city.madang.gateway.relay;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is known of one service behind the gateway: how many requests it has under way, so that a slow one takes no room from the others, and
 * how it did lately, so that a broken one is left alone for a moment. Answers of any status are successes here; refused connections,
 * hang-ups and answers that did not come in time are failures.
 */
final class Upstream {

    /** Why a request may go on, or not. */
    enum Admission {
        ADMITTED,
        /** As many are under way as may be. */
        FULL,
        /** It failed too often. */
        RESTING
    }

    private final CircuitBreaker breaker;
    private final int maxRequests;
    private final AtomicInteger underWay = new AtomicInteger();

    Upstream(CircuitBreaker breaker, int maxRequests) {
        this.breaker = breaker;
        this.maxRequests = maxRequests;
    }

    /** Takes a place. Whoever is admitted calls {@link #left} once, and before it one of the three others. */
    Admission enter() {
        if (underWay.incrementAndGet() > maxRequests) {
            underWay.decrementAndGet();
            return Admission.FULL;
        }
        if (!breaker.tryAcquirePermission()) {
            underWay.decrementAndGet();
            return Admission.RESTING;
        }
        return Admission.ADMITTED;
    }

    /** The head of an answer came. One that had been left alone is back: what failed just before, while it started, says no more. */
    void answered() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        if (breaker.getState() == CircuitBreaker.State.HALF_OPEN) {
            breaker.transitionToClosedState();
        }
    }

    /** No answer came, and it was not the caller's fault. */
    void failed(Throwable cause) {
        breaker.onError(0, TimeUnit.NANOSECONDS, cause);
    }

    /** The caller left, or sent something wrong: nothing was learned. */
    void abandoned() {
        breaker.releasePermission();
    }

    /** The place is free again. */
    void left() {
        underWay.decrementAndGet();
    }

    /** Requests under way. */
    int underWay() {
        return underWay.get();
    }

    /** 1 while it is left alone, else 0. */
    int resting() {
        return breaker.getState() == CircuitBreaker.State.OPEN ? 1 : 0;
    }
}
