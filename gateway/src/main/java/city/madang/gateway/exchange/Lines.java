package city.madang.gateway.exchange;

import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Lines on their way into a log, gathered for a moment and written by a worker. A log takes one line after another: written at once, each
 * event loop would wait for what the others have to say.
 */
final class Lines {

    /** How long a line waits for company; so many are lost where the process is killed. */
    static final long GATHER_MILLIS = 10;

    /** Beyond these whoever has another line writes them: a log that stands still must not fill the memory. */
    static final int MOST_WAITING = 20_000;

    private final Vertx vertx;
    private final Logger log;
    private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean due = new AtomicBoolean();

    Lines(Vertx vertx, Logger log) {
        this.vertx = vertx;
        this.log = log;
    }

    /** Writes a line in a moment. */
    void add(String line) {
        waiting.add(line);
        if (count.incrementAndGet() > MOST_WAITING) {
            write();
        } else if (!due.get() && due.compareAndSet(false, true)) {
            vertx.setTimer(
                    GATHER_MILLIS,
                    fired -> vertx.executeBlocking(() -> {
                        write();
                        return null;
                    }));
        }
    }

    /** Writes what waits, in its order. */
    synchronized void write() {
        // a line that comes from here on is either taken below or asks for another turn
        due.set(false);
        for (String line = waiting.poll(); line != null; line = waiting.poll()) {
            count.decrementAndGet();
            log.info(line);
        }
    }
}
