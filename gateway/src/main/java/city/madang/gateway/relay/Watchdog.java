package city.madang.gateway.relay;

import io.vertx.core.Vertx;
import java.time.Duration;
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
        moved();
        vertx.cancelTimer(timer);
        if (next != Phase.OVER) {
            arm(left());
        }
    }

    /** What the exchange waits for. */
    Phase phase() {
        return phase;
    }

    /** Time until the exchange stands still, if nothing moves. */
    private Duration left() {
        long now = System.nanoTime();
        Duration still = (phase == Phase.WAITING ? limits.response() : limits.idle()).minusNanos(now - movedNanos);
        if (phase != Phase.SENDING) {
            return still;
        }
        Duration whole = limits.request().minusNanos(now - begunNanos);
        return still.compareTo(whole) < 0 ? still : whole;
    }

    private void arm(Duration delay) {
        timer = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> {
            Duration left = left();
            if (left.toMillis() > 0) {
                arm(left);
            } else {
                Phase stood = phase;
                phase = Phase.OVER;
                onStandstill.accept(stood);
            }
        });
    }
}
