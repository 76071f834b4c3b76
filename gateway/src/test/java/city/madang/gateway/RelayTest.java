package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class RelayTest extends GatewayTestBase {

    private static final long LARGE = 40L * 1024 * 1024;

    @Inject
    MeterRegistry meters;

    @ConfigProperty(name = "madang.gateway.payment-url")
    URI payment;

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void a_large_body_passes_unchanged_in(HttpClient.Version version) throws Exception {
        String expected = sha256(new Blob(LARGE).stream());
        try (HttpClient client = caller.client(version)) {
            // of unknown length: chunked in HTTP/1.1, bare frames in HTTP/2
            HttpRequest request = caller.request("/records/echo")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Blob(LARGE).stream()))
                    .build();
            JsonObject echo = new JsonObject(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());

            assertEquals(LARGE, echo.getLong("length"));
            assertEquals(expected, echo.getString("sha256"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void a_large_body_passes_unchanged_out(HttpClient.Version version) throws Exception {
        try (HttpClient client = caller.client(version)) {
            HttpResponse<InputStream> response = client.send(
                    caller.request("/records/blob?bytes=" + LARGE).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(
                    LARGE, response.headers().firstValueAsLong("content-length").orElse(-1));
            assertEquals(sha256(new Blob(LARGE).stream()), sha256(response.body()));
        }
    }

    @Test
    void head_and_empty_bodies_pass() throws Exception {
        Caller.Answer head = caller.line("HEAD /records/blob?bytes=5 HTTP/1.1");
        assertEquals(200, head.status());
        assertEquals("5", head.header("content-length"));
        assertEquals("", head.body());

        JsonObject post =
                caller.line("POST /identity/echo HTTP/1.1", "Content-Length: 0").json();
        assertEquals(0, post.getInteger("length"));
        try (HttpClient client = caller.client(HttpClient.Version.HTTP_2)) {
            HttpRequest delete = caller.request("/identity/echo").DELETE().build();
            assertEquals(
                    200,
                    client.send(delete, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void a_body_announced_too_large_is_refused_before_it_is_read() throws IOException {
        int before = counts("/identity").getInteger("seen");

        Caller.Answer answer = caller.line("POST /identity/echo HTTP/1.1", "Content-Length: 65537");

        assertProblem(answer, 413, "body-too-large");
        assertEquals(before, counts("/identity").getInteger("seen"));
        assertProblem(
                caller.line("POST /identity/echo HTTP/1.1", "Content-Length: 99999999999999999999"),
                400,
                "bad-request");
    }

    @Test
    void a_chunked_body_is_refused_when_it_grows_too_large() throws IOException {
        try (Socket socket = caller.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /identity/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("4000\r\n" + "x".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 5; i++) {
                out.write(chunk);
            }
            out.flush();
            assertProblem(Caller.read(socket), 413, "body-too-large");
        }
    }

    @Test
    void a_body_of_unknown_length_is_refused_over_http_2_too() throws Exception {
        try (HttpClient client = caller.client(HttpClient.Version.HTTP_2)) {
            HttpRequest request = caller.request("/identity/echo")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Blob(100_000).stream()))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(413, response.statusCode());
            assertEquals("urn:madang:problem:body-too-large", new JsonObject(response.body()).getString("type"));
        }
    }

    @Test
    void a_body_at_the_limit_passes_also_after_expect_continue() throws IOException {
        String body = "x".repeat(65536);
        try (Socket socket = caller.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /identity/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Expect: 100-continue\r\nContent-Length: 65536\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            byte[] go = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
            assertEquals("HTTP/1.1 100 Continue", new String(go, StandardCharsets.US_ASCII).strip());
            out.write(body.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertEquals(65536, Caller.read(socket).json().getInteger("length"));
        }
    }

    @Test
    void a_body_that_stops_arriving_is_given_up() throws IOException {
        Caller.Answer answer = caller.line("POST /records/echo HTTP/1.1", "Content-Length: 10");

        assertProblem(answer, 408, "request-timeout");
    }

    @Test
    void a_service_that_is_down_is_a_502() throws IOException {
        assertProblem(caller.line("GET /payment/ledger HTTP/1.1"), 502, "upstream-unreachable");
        assertProblem(caller.line("POST /payment/bills HTTP/1.1", "Content-Length: 0"), 502, "upstream-unreachable");
    }

    @Test
    void a_restart_of_a_service_is_bridged_for_idempotent_requests() throws Exception {
        CompletableFuture<Caller.Answer> asked = CompletableFuture.supplyAsync(() -> {
            try {
                return caller.line("GET /payment/ledger HTTP/1.1");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.sleep(300);
        assertFalse(asked.isDone());
        HttpServer late =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), payment.getPort()), 10);
        late.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        late.start();
        try {
            assertEquals(200, asked.get().status());
        } finally {
            late.stop(0);
        }
    }

    @Test
    void a_service_that_hangs_up_is_a_502_and_is_not_asked_again() throws IOException {
        assertProblem(caller.line("GET /identity/hangup HTTP/1.1"), 502, "upstream-unreachable");
    }

    @Test
    void a_service_that_does_not_answer_is_a_504_and_learns_of_it() throws Exception {
        int before = counts("/auth/realms/madang").getInteger("abandoned");

        assertProblem(caller.line("GET /auth/realms/madang/slow HTTP/1.1"), 504, "upstream-timeout");

        eventually(() -> counts("/auth/realms/madang").getInteger("abandoned") == before + 1);
    }

    @Test
    void an_answer_cut_short_never_looks_complete() throws Exception {
        Caller.Answer raw = caller.line("GET /identity/cut HTTP/1.1");
        assertEquals("1000", raw.header("content-length"));
        assertEquals("begin", raw.body());
        for (HttpClient.Version version :
                new HttpClient.Version[] {HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2}) {
            try (HttpClient client = caller.client(version)) {
                HttpRequest request = caller.request("/identity/cut").build();
                assertThrows(IOException.class, () -> client.send(request, HttpResponse.BodyHandlers.ofString()));
            }
        }
    }

    @Test
    void events_pass_as_they_happen_and_the_service_learns_of_a_caller_who_left() throws Exception {
        int before = counts("/records").getInteger("abandoned");
        try (Socket socket = caller.connect()) {
            socket.getOutputStream().write("GET /records/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            readUntil(socket, "data: first");
            assertEquals(before, counts("/records").getInteger("abandoned"));
        }
        eventually(() -> counts("/records").getInteger("abandoned") == before + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void an_answer_without_a_body_ends_with_its_head(int status) throws Exception {
        String line = "GET /identity/status?code=" + status + " HTTP/1.1\r\nHost: localhost\r\n";
        Caller.Answer both = caller.raw(line + "\r\n" + line + "Connection: close\r\n\r\n");

        assertEquals(status, both.status());
        assertTrue(both.body().startsWith("HTTP/1.1 " + status), both::body);
        assertTrue(both.body().endsWith("\r\n\r\n"), both::body);
        try (HttpClient client = caller.client(HttpClient.Version.HTTP_2)) {
            HttpRequest request =
                    caller.request("/identity/status?code=" + status).build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(status, response.statusCode());
            assertEquals("", response.body());
        }
    }

    /** The first caller's answer waits in the gateway, its service is done, and its connection serves the second caller. */
    @Test
    void a_caller_who_leaves_late_takes_nobody_else_along() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Socket second = caller.connect()) {
            io.vertx.core.http.HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setTrustAll(true)
                    .setVerifyHost(false)
                    .setInitialSettings(new Http2Settings().setInitialWindowSize(1)));
            HttpClientRequest first = client.request(HttpMethod.GET, entry.port(), "127.0.0.1", "/records/echo")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            assertEquals(
                    200,
                    first.send()
                            .onSuccess(HttpClientResponse::pause)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get()
                            .statusCode());
            second.getOutputStream().write("GET /records/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            readUntil(second, "data: first");

            first.connection().close().toCompletionStage().toCompletableFuture().get();
            eventually(() ->
                    meters.get("madang.gateway.requests.under.way").gauge().value() == 1);

            assertEquals(200, caller.line("GET /records/tell HTTP/1.1").status());
            readUntil(second, "data: second");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    private static void readUntil(Socket socket, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int c = socket.getInputStream().read();
            assertTrue(c >= 0, () -> "ended before " + text);
            read.append((char) c);
        }
    }

    @Test
    void a_full_gateway_says_when_to_come_back() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = caller.connect();
                waiting.add(socket);
                socket.getOutputStream().write("GET /records/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
                assertEquals('H', socket.getInputStream().read());
            }
            Caller.Answer answer = caller.line("GET /records/echo HTTP/1.1");
            assertProblem(answer, 503, "overloaded");
            assertEquals("1", answer.header("retry-after"));
            // a slow service takes no room from the others
            assertEquals(200, caller.line("GET /identity/echo HTTP/1.1").status());
            for (int i = 0; i < 10; i++) {
                Socket socket = caller.connect();
                waiting.add(socket);
                socket.getOutputStream().write("GET /identity/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
                assertEquals('H', socket.getInputStream().read());
            }
            assertProblem(caller.line("GET /identity/echo HTTP/1.1"), 503, "overloaded");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
        eventually(() -> caller.line("GET /records/echo HTTP/1.1").status() == 200);
    }

    @Test
    void headers_and_request_lines_have_limits() throws IOException {
        assertProblem(
                caller.line("GET /identity/echo HTTP/1.1", "X-Big: " + "x".repeat(17_000)), 431, "headers-too-large");
        assertProblem(caller.line("GET /identity/" + "x".repeat(9_000) + " HTTP/1.1"), 414, "uri-too-long");
        assertEquals(
                200,
                caller.line("GET /identity/echo HTTP/1.1", "X-Big: " + "x".repeat(15_000))
                        .status());
    }

    @Test
    void two_requests_on_one_connection_stay_apart() throws IOException {
        Caller.Answer both =
                caller.raw("POST /identity/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
                        + "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertEquals(200, both.status());
        assertTrue(both.body().contains("\"length\":3"));
        assertTrue(both.body().contains("HTTP/1.1 404"));
    }

    private static String sha256(InputStream stream) throws IOException {
        try (DigestInputStream digest = new DigestInputStream(stream, TestService.sha256())) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        }
    }
}
