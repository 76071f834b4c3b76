package city.madang.payment.settlement;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Batches on their way, in the order in which they were recorded. The last may still be being handed to the chain's node, beside the booking of
 * what has landed: a node that makes a block keeps whoever brings the next transaction waiting. For one thread; once it is closed nothing is
 * being handed over any more.
 */
final class Flights implements AutoCloseable {

    private final Deque<Flight> all = new ArrayDeque<>();
    private @Nullable FutureTask<Void> sending;

    /** One that has been sent. */
    void add(Flight flight) {
        all.add(flight);
    }

    /** Has it sent beside what follows; blocks until the one before has been, and throws what that one's sending has thrown. */
    void launch(Flight flight, Runnable send) {
        awaitSent();
        all.add(flight);
        sending = new FutureTask<>(send, null);
        Thread.ofVirtual().name("settlement-sending").start(sending);
    }

    int size() {
        return all.size();
    }

    /** The first, which has been sent; null when nothing is on its way. Blocks and throws as {@link #launch} does. */
    @Nullable
    Flight first() {
        if (all.size() == 1) {
            // it is the last, too
            awaitSent();
        }
        return all.peek();
    }

    void removeFirst() {
        all.remove();
    }

    /** All of them, which have been sent. Blocks and throws as {@link #launch} does. */
    Collection<Flight> all() {
        awaitSent();
        return Collections.unmodifiableCollection(all);
    }

    @Override
    public void close() {
        awaitSent();
    }

    private void awaitSent() {
        FutureTask<Void> last = sending;
        sending = null;
        if (last == null) {
            return;
        }
        try {
            last.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw new IllegalStateException("a batch could not be sent", failed.getCause());
        } catch (InterruptedException stopping) {
            last.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopping", stopping);
        }
    }
}
