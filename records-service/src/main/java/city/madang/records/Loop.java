package city.madang.records;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Work that is looked for again and again: at once after a turn that did something, after a pause when there was nothing.
 * Each turn has a Vert.x context of its own, so that it may open a session. A failed turn is logged and repeated.
 */
public final class Loop {

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final String name;
    private final Vertx vertx;
    private final Duration idle;
    private final Supplier<Uni<Boolean>> turn;
    private final Logger log;
    private volatile boolean stopped;

    /** @param turn whether it found something to do */
    public Loop(String name, Vertx vertx, Duration idle, Supplier<Uni<Boolean>> turn) {
        this.name = name;
        this.vertx = vertx;
        this.idle = idle;
        this.turn = turn;
        this.log = Logger.getLogger(Loop.class);
    }

    /** Does something beside what goes on, so that it may open a session; a failure is its own to handle. */
    public static void onContextOfItsOwn(Vertx vertx, Supplier<Uni<Void>> work) {
        context(vertx).runOnContext(nothing -> Uni.createFrom()
                .deferred(work::get)
                .subscribe()
                .with(done -> {}, failure -> Logger.getLogger(Loop.class).error("work beside failed", failure)));
    }

    private static Context context(Vertx vertx) {
        Context context =
                java.util.Objects.requireNonNull(VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()));
        VertxContextSafetyToggle.setContextSafe(context, true);
        return context;
    }

    public void start() {
        next(Duration.ZERO);
    }

    /** No further turn begins; one that runs is ended by the closing of its connections. */
    public void stop() {
        stopped = true;
    }

    private void next(Duration delay) {
        if (stopped) {
            return;
        }
        if (delay.isZero()) {
            begin();
        } else {
            vertx.setTimer(delay.toMillis(), timer -> begin());
        }
    }

    private void begin() {
        if (stopped) {
            return;
        }
        context(vertx).runOnContext(nothing -> Uni.createFrom()
                .deferred(() -> turn.get())
                .subscribe()
                .with(found -> next(found ? Duration.ZERO : idle), failure -> {
                    if (!stopped) {
                        log.warnf("%s will try again: %s", name, failure);
                        log.debug(name, failure);
                    }
                    next(AFTER_FAILURE);
                }));
    }
}
