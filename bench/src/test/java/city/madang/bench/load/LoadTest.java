package city.madang.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a benchmark counts must have happened. */
class LoadTest {

    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger busiest = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            busiest.accumulateAndGet(busy.incrementAndGet(), Math::max);
            var path = exchange.getRequestURI().getPath();
            seen.computeIfAbsent(path, none -> new AtomicInteger()).incrementAndGet();
            var body = exchange.getRequestBody().readAllBytes();
            busy.decrementAndGet();
            // a length of 0 makes this server send chunks
            exchange.sendResponseHeaders(path.equals("/refused") ? 409 : 200, path.equals("/chunks") ? 0 : body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Load load(int connections) {
        return new Load(server.getAddress().getPort(), null, connections);
    }

    private static byte[] post(String path, String body) {
        return Exchange.post(path, "text/plain", body, Map.of());
    }

    @Test
    void every_prepared_request_is_sent_exactly_once() {
        var work = IntStream.range(0, 200)
                .mapToObj(i -> List.of(post("/first/" + i, "가"), post("/second/" + i, "나")))
                .toList();
        var round = load(4).send(work);
        assertEquals(200, round.latencies().length);
        assertEquals(400, seen.size());
        assertTrue(seen.values().stream().allMatch(count -> count.get() == 1));
        assertTrue(busiest.get() <= 4, "no more at once than connections");
    }

    @Test
    void answers_come_back_whole_and_in_the_order_of_the_requests() {
        var longText = "긴 ".repeat(30_000);
        for (var path : List.of("/plain", "/chunks")) {
            var answers = load(3).map(Collections.nCopies(10, longText), (connection, text) -> connection
                    .exchange(post(path, text))
                    .text());
            assertEquals(Collections.nCopies(10, longText), answers);
        }
        var numbers = IntStream.range(0, 50).boxed().toList();
        assertEquals(
                numbers,
                load(5).map(
                                numbers,
                                (connection, number) -> Integer.parseInt(connection
                                        .exchange(post("/number", "" + number))
                                        .text())));
    }

    @Test
    void a_refusal_is_never_counted_as_done() {
        var work = List.of(List.of(post("/fine", "")), List.of(post("/refused", "")), List.of(post("/fine", "")));
        var failed = assertThrows(IllegalStateException.class, () -> load(1).send(work));
        assertTrue(String.valueOf(failed.getMessage()).contains("409"), failed.getMessage());
        assertEquals(1, seen.get("/fine").get(), "nothing is sent after a refusal");
    }

    @Test
    void answers_that_come_in_pieces_are_waited_for() {
        var big = "긴 ".repeat(300_000);
        for (var path : List.of("/plain", "/chunks")) {
            var work = Collections.nCopies(20, List.of(post(path, big), post(path, "")));
            assertEquals(20, load(3).send(work).latencies().length);
        }
        var whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
        for (var length = 0; length < whole.length; length++) {
            assertFalse(Lines.isWhole(whole, length), "of " + length);
        }
        assertTrue(Lines.isWhole(whole, whole.length));
    }

    @Test
    void percentiles_are_values_that_were_measured() {
        var round = new Load.Round(1, new long[] {1, 2, 3, 4, 100});
        assertEquals(3, round.percentile(0.5));
        assertEquals(100, round.percentile(0.99));
        assertEquals(1, new Load.Round(1, new long[] {1}).percentile(0.5));
    }

    @Test
    void work_of_a_process_shows_in_its_cost() {
        var cost = new ProcessCost(ProcessHandle.current().pid());
        var before = cost.cpuNanos();
        var text = "x".getBytes(StandardCharsets.UTF_8);
        var end = System.nanoTime() + 10_000_000_000L;
        while (cost.cpuNanos() == before && System.nanoTime() < end) {
            for (var i = 0; i < 100_000; i++) {
                text[0] ^= (byte) i;
            }
        }
        assertTrue(cost.cpuNanos() > before);
        assertTrue(cost.residentBytes() > 1024 * 1024);
        assertTrue(cost.heapBytesAfterCollection() > 1024 * 1024, "this JVM's heap holds JUnit at least");
    }
}
