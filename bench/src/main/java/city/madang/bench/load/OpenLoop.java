package city.madang.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests that come at their times whether or not earlier ones have been answered; each one's latency counts from when it was
 * due, so that a pause of the server shows in all whom it kept waiting.
 *
 * @param port of 127.0.0.1
 * @param connections enough that one is free when a request is due; where none is, the wait counts
 * @param perSecond how many are due in a second
 */
public record OpenLoop(int port, int connections, int perSecond) {

    /** Sends each request once. */
    public Load.Round send(List<byte[]> requests) {
        var latencies = new long[requests.size()];
        var next = new AtomicInteger();
        var began = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        try (var executor = Executors.newFixedThreadPool(connections)) {
            var workers = new ArrayList<Future<?>>();
            for (var i = 0; i < connections; i++) {
                workers.add(executor.submit(() -> {
                    try (var connection = Connection.open(port, null)) {
                        for (var index = next.getAndIncrement();
                                index < requests.size();
                                index = next.getAndIncrement()) {
                            var due = began + index * 1_000_000_000L / perSecond;
                            var early = due - System.nanoTime();
                            if (early > 0) {
                                TimeUnit.NANOSECONDS.sleep(early);
                            }
                            connection.exchange(requests.get(index)).orFail("a measured request");
                            latencies[index] = System.nanoTime() - due;
                        }
                    } catch (IOException | RuntimeException failed) {
                        next.set(requests.size());
                        throw failed;
                    }
                    return null;
                }));
            }
            for (var worker : workers) {
                worker.get();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(String.valueOf(failed.getCause()), failed);
        }
        var nanos = System.nanoTime() - began;
        Arrays.sort(latencies);
        return new Load.Round(nanos, latencies);
    }
}
