package city.madang.devstack.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;

/** Waiting for a condition instead of for a time. */
public final class Await {

    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final int OK = 200;

    private Await() {}

    /** A condition that may not be testable yet, which counts as not holding. */
    @FunctionalInterface
    public interface Check {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Polls until the check holds; an {@link IOException} counts as not yet. */
    public static void until(String what, Duration limit, Check check, Supplier<String> detail) {
        var end = System.nanoTime() + limit.toNanos();
        IOException last = null;
        while (true) {
            try {
                if (check.holds()) {
                    return;
                }
            } catch (IOException notYet) {
                last = notYet;
            } catch (InterruptedException e) {
                interrupted(what, e);
            }
            if (System.nanoTime() >= end) {
                throw new IllegalStateException(
                        "waited %d s for %s%n%s".formatted(limit.toSeconds(), what, detail.get()), last);
            }
            try {
                Thread.sleep(INTERVAL);
            } catch (InterruptedException e) {
                interrupted(what, e);
            }
        }
    }

    /** Whether a GET answers 200. */
    public static boolean answers(URI uri) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build()) {
            var request = HttpRequest.newBuilder(uri).timeout(REQUEST_TIMEOUT).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        }
    }

    /** Whether something accepts connections on the loopback port. */
    public static boolean listens(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CONNECT_TIMEOUT.toMillis());
            return true;
        }
    }

    private static void interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
}
