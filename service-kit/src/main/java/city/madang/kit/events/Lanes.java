package city.madang.kit.events;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in order within a lane and side by side between lanes, up to a number of pieces in all.
 *
 * <p>What is admitted counts against that number until it has run, also while it waits in its lane, so that memory stays
 * bounded.
 */
final class Lanes {

    private static final Logger LOG = Logger.getLogger(Lanes.class);

    private final int most;
    private final Map<String, Deque<Supplier<Uni<Void>>>> lanes = new HashMap<>();
    private int admitted;
    private @Nullable CompletableFuture<Void> room;

    Lanes(int most) {
        this.most = most;
    }

    /**
     * Admits work; called for one piece after the other, each after the Uni of the one before has completed.
     *
     * @return completes when the next piece may be admitted
     */
    synchronized Uni<Void> enter(String lane, Supplier<Uni<Void>> work) {
        admitted++;
        Deque<Supplier<Uni<Void>>> waiting = lanes.get(lane);
        if (waiting == null) {
            lanes.put(lane, new ArrayDeque<>());
            run(lane, work);
        } else {
            waiting.add(work);
        }
        if (admitted < most) {
            return Uni.createFrom().voidItem();
        }
        CompletableFuture<Void> full = new CompletableFuture<>();
        room = full;
        return Uni.createFrom().completionStage(full);
    }

    private void run(String lane, Supplier<Uni<Void>> work) {
        work.get().subscribe().with(done -> ended(lane), failure -> {
            // work settles its own message; what arrives here is a broker that could not be told
            LOG.warnf("an event could not be acknowledged and will be delivered again: %s", failure);
            ended(lane);
        });
    }

    private void ended(String lane) {
        Supplier<Uni<Void>> next;
        CompletableFuture<Void> freed;
        synchronized (this) {
            admitted--;
            Deque<Supplier<Uni<Void>>> waiting = lanes.get(lane);
            next = waiting == null ? null : waiting.poll();
            if (next == null) {
                lanes.remove(lane);
            }
            freed = room;
            room = null;
        }
        if (freed != null) {
            freed.complete(null);
        }
        if (next != null) {
            run(lane, next);
        }
    }
}
