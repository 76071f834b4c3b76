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
    private final Duration responseTimeout;
    private final Duration bodyIdleTimeout;
    private final Consumer<Phase> onStandstill;
    private Phase phase = Phase.SENDING;
    private long movedNanos = System.nanoTime();
    private long timer = -1;

    Watchdog(Vertx vertx, Duration responseTimeout, Duration bodyIdleTimeout, Consumer<Phase> onStandstill) {
        this.vertx = vertx;
        this.responseTimeout = responseTimeout;
        this.bodyIdleTimeout = bodyIdleTimeout;
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
            arm(limit());
        }
    }

    /** What the exchange waits for. */
    Phase phase() {
        return phase;
    }

    private Duration limit() {
        return phase == Phase.WAITING ? responseTimeout : bodyIdleTimeout;
    }

    private void arm(Duration delay) {
        timer = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> {
            Duration left = limit().minusNanos(System.nanoTime() - movedNanos);
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
