package city.madang.gateway.relay;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Notices when an exchange stands still. One timer, which looks at the last movement instead of being restarted by each. */
final class Watchdog {

    /** What the exchange waits for. */
    enum Phase {
        /** The request's body, from the caller to the service. */
        SENDING,
        /** The head of the answer. */
        WAITING,
        /** The answer's body, from the service to the caller. */
        RECEIVING,
        /** Nothing any more. */
        OVER
    }

    private final Vertx vertx;
    private final Limits limits;
    private final long begunNanos = System.nanoTime();
    private final Consumer<Phase> onStandstill;
    private Phase phase = Phase.SENDING;
    private long movedNanos = System.nanoTime();
    private long timer = -1;
    private long firesNanos;

    /**
     * How long an exchange may wait.
     *
     * @param request for the whole body of the request
     * @param response for the head of the answer
     * @param idle for the next bytes of a body
     */
    record Limits(Duration request, Duration response, Duration idle) {}

    Watchdog(Vertx vertx, Limits limits, Consumer<Phase> onStandstill) {
        this.vertx = vertx;
        this.limits = limits;
        this.onStandstill = onStandstill;
    }

    /** Something moved. */
    void moved() {
        movedNanos = System.nanoTime();
    }

    /** The exchange waits for something else from now on; after {@code OVER} nothing changes any more. */
    void enter(Phase next) {
        if (phase == Phase.OVER) {
            return;
        }
        phase = next;
        if (next == Phase.OVER) {
            vertx.cancelTimer(timer);
            return;
        }
        moved();
        long left = left();
        // a timer that fires earlier looks again, so only a nearer end needs another
        if (timer < 0 || movedNanos + left - firesNanos < 0) {
            vertx.cancelTimer(timer);
            arm(left);
        }
    }

    /** What the exchange waits for. */
    Phase phase() {
        return phase;
    }

    /** Nanoseconds until the exchange stands still, if nothing moves. */
    private long left() {
        long now = System.nanoTime();
        Duration still = phase == Phase.WAITING ? limits.response() : limits.idle();
        long left = still.toNanos() - (now - movedNanos);
        return phase == Phase.SENDING ? Math.min(left, limits.request().toNanos() - (now - begunNanos)) : left;
    }

    private void arm(long delayNanos) {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(delayNanos));
        firesNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        timer = vertx.setTimer(millis, fired -> {
            long left = left();
            if (left >= TimeUnit.MILLISECONDS.toNanos(1)) {
                arm(left);
            } else {
                Phase stood = phase;
                phase = Phase.OVER;
                onStandstill.accept(stood);
            }
        });
    }
}
