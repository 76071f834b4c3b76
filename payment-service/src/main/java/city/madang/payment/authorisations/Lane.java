package city.madang.payment.authorisations;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A queue whose items one thread takes in batches: what arrives within {@link #GATHER}, and while more keeps coming within {@link
 * #GATHER_LONGEST}.
 */
final class Lane<T> {

    /** How long the first of a batch waits for company, and so on for as long as some comes. */
    private static final Duration GATHER = Duration.ofNanos(500_000);

    /** The longest that the first of a batch waits for more company. */
    private static final Duration GATHER_LONGEST = Duration.ofMillis(10);

    private final int batchMax;
    private final Consumer<List<T>> work;
    private final Consumer<List<T>> left;
    /** What was brought together waits together, and is taken in its order in one batch. */
    private final BlockingQueue<List<T>> queue = new LinkedBlockingQueue<>();

    private final Thread thread;
    private volatile boolean stopped;

    /**
     * @param batchMax the most that is taken at once; nothing larger is ever brought together
     * @param work what is done with a batch; it does not throw
     * @param left what is done with what still waits when this lane stops
     */
    Lane(String name, int batchMax, Consumer<List<T>> work, Consumer<List<T>> left) {
        this.batchMax = batchMax;
        this.work = work;
        this.left = left;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void add(List<T> together) {
        queue.add(together);
    }

    /** Ends once the batch at work is done. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    private void run() {
        while (!stopped) {
            List<T> batch = gather();
            if (!batch.isEmpty()) {
                work.accept(batch);
            }
        }
        for (List<T> next = queue.poll(); next != null; next = queue.poll()) {
            left.accept(next);
        }
    }

    /** The next batch; what was taken when this lane stops is still worked on. */
    private List<T> gather() {
        List<T> batch = new ArrayList<>();
        try {
            batch.addAll(queue.take());
            long end = System.nanoTime() + GATHER_LONGEST.toNanos();
            for (boolean more = true; more && batch.size() < batchMax && System.nanoTime() < end; ) {
                TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
                more = addCompany(batch);
            }
        } catch (InterruptedException stopping) {
            addCompany(batch);
        }
        return batch;
    }

    /** Takes what waits as long as it fits whole; whether anything did. */
    private boolean addCompany(List<T> batch) {
        int before = batch.size();
        for (List<T> next = queue.peek(); next != null && batch.size() + next.size() <= batchMax; next = queue.peek()) {
            batch.addAll(queue.remove());
        }
        return batch.size() > before;
    }
}
