package city.madang.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends work over a number of connections, each of which begins the next piece when its last one is answered.
 *
 * @param connections how many at once
 */
public record Load(int port, @Nullable SSLContext tls, int connections) {

    /** What is done over a connection. */
    @FunctionalInterface
    public interface Task<I, O> {
        O on(Connection connection, I input) throws IOException;
    }

    /**
     * A round.
     *
     * @param nanos from the first request to the last answer
     * @param latencies of the last request of each piece of work, ascending, nanoseconds
     */
    public record Round(long nanos, long[] latencies) {

        /** Nanoseconds that this share (0 to 1) of the requests did not exceed. */
        public long percentile(double share) {
            return latencies[(int) Math.min(latencies.length - 1, Math.ceil(share * latencies.length) - 1)];
        }
    }

    /** Does each piece of work, in any order; the results stand in the order of the inputs. */
    public <I, O> List<O> map(List<I> inputs, Task<I, O> task) {
        var results = new ArrayList<O>(inputs.size());
        var slots = new Object[inputs.size()];
        spread(inputs.size(), (connection, index) -> slots[index] = task.on(connection, inputs.get(index)));
        for (var slot : slots) {
            @SuppressWarnings("unchecked")
            var result = (O) slot;
            results.add(result);
        }
        return results;
    }

    /**
     * Sends prepared requests: of each piece of work one after the other on one connection.
     *
     * @throws IllegalStateException at the first answer that is not a success: then nothing was measured
     */
    public Round send(List<List<byte[]>> work) {
        var began = System.nanoTime();
        var latencies = tls == null ? plain(work) : encrypted(work);
        var nanos = System.nanoTime() - began;
        Arrays.sort(latencies);
        return new Round(nanos, latencies);
    }

    private long[] plain(List<List<byte[]>> work) {
        try {
            return Lines.send(port, connections, work);
        } catch (IOException failed) {
            throw new IllegalStateException(String.valueOf(failed.getMessage()), failed);
        }
    }

    private long[] encrypted(List<List<byte[]>> work) {
        var latencies = new long[work.size()];
        spread(work.size(), (connection, index) -> {
            for (var request : work.get(index)) {
                var sent = System.nanoTime();
                connection.exchange(request).orFail("a measured request");
                latencies[index] = System.nanoTime() - sent;
            }
        });
        return latencies;
    }

    @FunctionalInterface
    private interface Step {
        void on(Connection connection, int index) throws IOException;
    }

    private void spread(int count, Step step) {
        var next = new AtomicInteger();
        var threads = Math.max(1, Math.min(connections, count));
        try (var executor = Executors.newFixedThreadPool(threads)) {
            var workers = new ArrayList<Future<Boolean>>();
            for (var i = 0; i < threads; i++) {
                workers.add(executor.submit((Callable<Boolean>) () -> {
                    try (var connection = Connection.open(port, tls)) {
                        for (var index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                            step.on(connection, index);
                        }
                    } catch (IOException | RuntimeException failed) {
                        next.set(count);
                        throw failed;
                    }
                    return true;
                }));
            }
            for (var worker : workers) {
                worker.get();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        } catch (ExecutionException failed) {
            var cause = failed.getCause() == null ? failed : failed.getCause();
            throw new IllegalStateException(String.valueOf(cause.getMessage()), cause);
        }
    }
}
