package city.madang.gateway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.exchange.Peer;
import city.madang.gateway.headers.RequestHeaders;
import city.madang.gateway.headers.ResponseHeaders;
import city.madang.gateway.routing.Access;
import city.madang.gateway.routing.AccessRules;
import city.madang.gateway.routing.Rate;
import city.madang.gateway.routing.Route;
import city.madang.gateway.routing.RouteLimits;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A service closes a kept connection while the next request is about to take it (RFC 9112, section 9.3.1). The relay is the real one, over
 * real connections; what is added is a look at what its client answers.
 */
class ClosedConnectionTest {

    /** Attempts until the service's close and the request have met between two steps of the client: usually some hundred. */
    private static final int ATTEMPTS_MAX = 20_000;

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Vertx vertx = Vertx.vertx();
    private final Service service = new Service();
    private final AtomicInteger foundClosed = new AtomicInteger();

    /** How many of the next requests for a connection fail as if the kept one were closed. */
    private final AtomicInteger toFail = new AtomicInteger();

    private int port;

    @BeforeEach
    void open() throws IOException {
        service.start();
        HttpClient kept = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true).setMaxPoolSize(4));
        HttpClient watched = watched(kept);
        Relay relay = new Relay(
                vertx,
                () -> watched,
                new RequestHeaders(URI.create("https://madang.example")),
                new ResponseHeaders(""),
                new Upstreams(new Upstreams.Terms(100, 1000, 1000, 100, Duration.ofSeconds(1), 1)),
                new Relay.Terms(100, LIMIT, 2, Duration.ofMillis(10)));
        Route route = new Route(
                "test",
                URI.create("http://127.0.0.1:" + service.port()),
                List.of("/things/**"),
                List.of(),
                Set.of("POST"),
                1000,
                LIMIT,
                LIMIT,
                Optional.empty(),
                Optional.empty(),
                new AccessRules(Access.OPEN, Map.of()),
                new RouteLimits(new Rate(1, 1), new Rate(1, 1), new Rate(1, 1), RouteLimits.OnFailure.OPEN),
                Optional.empty(),
                false,
                false);
        // two event loops: a connection that one of them closes is taken by the other
        vertx.deployVerticle(
                        () -> new AbstractVerticle() {
                            @Override
                            public void start(Promise<Void> started) {
                                getVertx()
                                        .createHttpServer()
                                        .requestHandler(request -> relay.carry(exchange(request), route))
                                        .listen(freePort(), "127.0.0.1")
                                        .<Void>mapEmpty()
                                        .onComplete(started);
                            }
                        },
                        new DeploymentOptions().setInstances(2))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() throws IOException {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        service.close();
    }

    @Test
    void a_post_that_was_not_sent_is_served_by_another_connection() throws IOException {
        try (Connection caller = new Connection(port)) {
            toFail.set(1);

            assertEquals(200, caller.post("once"));
        }
        assertEquals(1, foundClosed.get());
        assertEquals(1, service.times("once"));
    }

    @Test
    void a_connection_that_is_found_closed_again_and_again_is_given_up() throws IOException {
        try (Connection caller = new Connection(port)) {
            toFail.set(Integer.MAX_VALUE);

            assertEquals(502, caller.post("never"));
        }
        assertEquals(3, foundClosed.get());
        assertEquals(0, service.times("never"));
    }

    @Test
    void a_post_that_was_sent_is_not_repeated() throws IOException {
        try (Connection caller = new Connection(port)) {
            assertEquals(200, caller.post("first"));
            service.hangUpOnNext();

            assertEquals(502, caller.post("second"));
            assertEquals(200, caller.post("third"));
        }
        assertEquals(1, service.times("second"));
    }

    @Test
    void whenever_the_service_closes_nothing_is_done_twice_and_what_was_not_sent_is_done() throws IOException {
        service.closeAfterAnswering();
        int attempt = 0;
        try (Connection one = new Connection(port);
                Connection other = new Connection(port)) {
            for (; attempt < ATTEMPTS_MAX && foundClosed.get() < 3; attempt++) {
                String id = "race-" + attempt;
                int before = foundClosed.get();
                int status = (attempt % 2 == 0 ? one : other).post(id);
                int times = service.times(id);

                assertTrue(times <= 1, id + " was done " + times + " times");
                assertTrue(status == 502 || status == 200 && times == 1, id + " was answered " + status);
                if (foundClosed.get() > before) {
                    assertEquals(200, status, id);
                }
                LockSupport.parkNanos((attempt % 100) * 4_000L);
            }
        }
        int met = foundClosed.get();
        assumeTrue(met > 0, "close and request never met within " + attempt + " attempts");
    }

    private Exchange exchange(HttpServerRequest request) {
        Exchange.Line line = new Exchange.Line() {
            @Override
            public void last() {}

            @Override
            public void gone() {}
        };
        return new Exchange(
                vertx, request, new Peer("127.0.0.1", null, false), new ResponseHeaders(""), Duration.ZERO, line);
    }

    private synchronized int freePort() {
        if (port == 0) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            } catch (IOException none) {
                throw new IllegalStateException(none);
            }
        }
        return port;
    }

    /** The client itself, whose answers to the wish for a connection are looked at. */
    private HttpClient watched(HttpClient client) {
        return (HttpClient) Proxy.newProxyInstance(
                HttpClient.class.getClassLoader(), new Class<?>[] {HttpClient.class}, (proxy, method, arguments) -> {
                    boolean wish = method.getName().equals("request") && arguments.length == 1;
                    if (wish && toFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        foundClosed.incrementAndGet();
                        return Future.failedFuture(new HttpClosedException("closed"));
                    }
                    try {
                        Object answer = method.invoke(client, arguments);
                        return wish ? ((Future<?>) answer).onFailure(this::note) : answer;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    private void note(Throwable failure) {
        if (failure instanceof HttpClosedException) {
            foundClosed.incrementAndGet();
        }
    }

    /** A service over plain sockets that counts how often it was asked for what. */
    private static final class Service implements AutoCloseable {

        private final Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
        private ServerSocket socket;
        private volatile boolean closesAfterAnswering;
        private volatile boolean hangsUp;

        void start() throws IOException {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return socket.getLocalPort();
        }

        int times(String id) {
            return done.getOrDefault(id, new AtomicInteger()).get();
        }

        /** It reads the next request whole, and closes instead of answering. */
        void hangUpOnNext() {
            hangsUp = true;
        }

        /** It says nothing of it beforehand. */
        void closeAfterAnswering() {
            closesAfterAnswering = true;
        }

        private void accept() {
            try {
                while (true) {
                    Socket connection = socket.accept();
                    Thread.ofPlatform().daemon().start(() -> serve(connection));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private void serve(Socket connection) {
            try (connection) {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = connection.getOutputStream();
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    String id = line.split(" ")[1].substring(1);
                    while (!line.isEmpty()) {
                        line = in.readLine();
                    }
                    done.computeIfAbsent(id, first -> new AtomicInteger()).incrementAndGet();
                    if (hangsUp) {
                        hangsUp = false;
                        return;
                    }
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    if (closesAfterAnswering) {
                        return;
                    }
                }
            } catch (IOException gone) {
                // as it may
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A caller's connection, which is kept. */
    private static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader in;

        Connection(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        /** The status of the answer. */
        int post(String id) throws IOException {
            socket.getOutputStream()
                    .write(("POST /" + id + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            int status = Integer.parseInt(in.readLine().split(" ")[1]);
            int length = 0;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            for (int left = length; left > 0; left--) {
                assertFalse(in.read() < 0);
            }
            return status;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
