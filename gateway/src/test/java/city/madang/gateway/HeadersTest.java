package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.gateway.exchange.AccessLog;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class HeadersTest extends GatewayTestBase {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded",
                "X-Real-IP",
                "X-Forwarded-User",
                "x-forwarded-prefix",
                "X-User",
                "X-User-Id",
                "X_User",
                "X-Remote-User",
                "Remote-User",
                "X-Agency",
                "x_agency_id",
                "X-Client-Cert",
                "Client-Cert",
                "X-SSL-Client-S-DN",
                "X-Original-URL",
                "X-Rewrite-URL",
                "X-HTTP-Method-Override",
                "Proxy",
                "Baggage"
            })
    void nobody_outside_says_who_is_calling(String header) throws IOException {
        Caller.Answer answer = caller.line("GET /identity/echo HTTP/1.1", header + ": forged");

        assertEquals(200, answer.status());
        assertTrue(answer.json().getJsonArray("headers").stream()
                .noneMatch(pair -> pair.toString().contains("forged")));
    }

    @Test
    void the_gateway_says_where_a_request_came_from() throws IOException {
        JsonObject echo = caller.line(
                        "GET /identity/echo HTTP/1.1",
                        "X-Forwarded-For: 1.2.3.4",
                        "X-Forwarded-Host: evil.example",
                        "X-Forwarded-Proto: http",
                        "X-Forwarded-Port: 1",
                        "Authorization: Bearer abc",
                        "X-Own: kept")
                .json();

        assertEquals(List.of("127.0.0.1"), seen(echo, "x-forwarded-for"));
        assertEquals(List.of("madang.example"), seen(echo, "x-forwarded-host"));
        assertEquals(List.of("https"), seen(echo, "x-forwarded-proto"));
        assertEquals(List.of("443"), seen(echo, "x-forwarded-port"));
        assertEquals(List.of("Bearer abc"), seen(echo, "authorization"));
        assertEquals(List.of("kept"), seen(echo, "x-own"));
    }

    @Test
    void hop_by_hop_fields_end_at_the_gateway_on_the_way_in() throws IOException {
        JsonObject echo = caller.raw(
                        "POST /identity/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close, X-Hop, Content-Length\r\n"
                                + "X-Hop: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nTrailer: X\r\n"
                                + "Proxy-Authorization: Basic eA==\r\nProxy-Connection: close\r\nContent-Length: 3\r\n\r\nabc")
                .json();

        for (String name : List.of("x-hop", "keep-alive", "te", "trailer", "proxy-authorization", "proxy-connection")) {
            assertTrue(seen(echo, name).isEmpty(), name);
        }
        assertEquals(3, echo.getInteger("length"));
    }

    @Test
    void a_service_and_a_caller_agree_on_the_end_of_a_connection() throws IOException {
        // read to the end of the socket: these would hang if the gateway kept the connection open
        for (String target : List.of("/identity/echo", "/nowhere", "/")) {
            Caller.Answer answer =
                    caller.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: X-Any, Close\r\n\r\n");
            assertEquals(List.of("close"), answer.all("connection"), target);
        }
    }

    @Test
    void a_named_hop_can_not_drop_what_the_gateway_sets() throws IOException {
        JsonObject echo = caller.raw("GET /identity/echo HTTP/1.1\r\nHost: localhost\r\n"
                        + "Connection: close, X-Forwarded-For, X-Request-Id\r\n\r\n")
                .json();

        assertEquals(List.of("127.0.0.1"), seen(echo, "x-forwarded-for"));
        assertEquals(1, seen(echo, "x-request-id").size());
    }

    @Test
    void hop_by_hop_fields_end_at_the_gateway_on_the_way_out() throws IOException {
        Caller.Answer answer = caller.line("GET /identity/hops HTTP/1.1");

        assertEquals("hops", answer.body());
        assertEquals("1", answer.header("x-kept"));
        for (String name : List.of("x-secret-hop", "keep-alive", "proxy-authenticate", "server")) {
            assertNull(answer.header(name), name);
        }
    }

    @Test
    void a_request_id_is_kept_if_it_is_one_and_made_otherwise() throws IOException {
        String own = UUID.randomUUID().toString();
        Caller.Answer kept = caller.line("GET /identity/echo HTTP/1.1", "X-Request-Id: " + own);
        assertEquals(List.of(own), seen(kept.json(), "x-request-id"));
        assertEquals(List.of(own), kept.all("x-request-id"));

        for (String bad : List.of("1", own + "x", own.replace('-', '_'), "a b", "../../etc")) {
            Caller.Answer made = caller.line("GET /identity/echo HTTP/1.1", "X-Request-Id: " + bad);
            String id = made.header("x-request-id");
            assertNotEquals(bad, id);
            assertEquals(id, UUID.fromString(id).toString());
            assertEquals(List.of(id), seen(made.json(), "x-request-id"));
        }
        // the service's own word does not replace it
        assertEquals(
                1,
                caller.line("GET /identity/hops HTTP/1.1").all("x-request-id").size());
        assertNotEquals(
                "from-the-service", caller.line("GET /identity/hops HTTP/1.1").header("x-request-id"));
    }

    @Test
    void a_trace_is_carried_on_or_begun() throws IOException {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        JsonObject carried = caller.line("GET /identity/echo HTTP/1.1", "traceparent: " + trace, "tracestate: a=b")
                .json();
        assertEquals(List.of(trace), seen(carried, "traceparent"));
        assertEquals(List.of("a=b"), seen(carried, "tracestate"));

        JsonObject begun = caller.line(
                        "GET /identity/echo HTTP/1.1",
                        "traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                        "tracestate: a=b")
                .json();
        String made = seen(begun, "traceparent").getFirst();
        assertTrue(made.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01"), made);
        assertTrue(!made.contains("0".repeat(32)));
        assertTrue(seen(begun, "tracestate").isEmpty());
    }

    @Test
    void the_access_line_names_the_trace() throws IOException {
        String trace = HexFormat.of().toHexDigits(System.nanoTime()) + "a3ce929d0e0e4736";
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Handler reader = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line instanceof ExtLogRecord text ? text.getFormattedMessage() : line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(AccessLog.CATEGORY);
        log.addHandler(reader);
        try {
            caller.line("GET /identity/echo HTTP/1.1", "traceparent: 00-" + trace + "-00f067aa0ba902b7-01");
            assertTrue(Stream.generate(() -> next(lines)).anyMatch(line -> line.endsWith(" trace=" + trace)));
        } finally {
            log.removeHandler(reader);
        }
    }

    private static String next(BlockingQueue<String> lines) {
        try {
            return Objects.requireNonNull(lines.poll(10, TimeUnit.SECONDS), "no line names the trace");
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void every_answer_carries_security_fields_but_a_service_knows_its_pages_better() throws IOException {
        for (String target : List.of("/", "/identity/echo", "/nowhere", "/auth/realms/madang/x")) {
            Caller.Answer answer = caller.line("GET " + target + " HTTP/1.1");
            assertEquals("max-age=31536000; includeSubDomains", answer.header("strict-transport-security"), target);
            assertEquals("nosniff", answer.header("x-content-type-options"), target);
            assertEquals("no-referrer", answer.header("referrer-policy"), target);
        }
        assertTrue(
                caller.line("GET / HTTP/1.1").header("content-security-policy").contains("default-src 'none'"));

        Caller.Answer own = caller.line("GET /auth/realms/madang/own-policy HTTP/1.1");
        assertEquals(List.of("frame-src 'self'"), own.all("content-security-policy"));
        assertEquals(List.of("same-origin"), own.all("referrer-policy"));
    }

    /** RFC 9110 §6.6.1: a server with a clock says so in each answer, and a proxy says it where the service did not. */
    @Test
    void every_answer_says_when_it_was_made() throws IOException {
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (String target : List.of("/", "/identity/echo", "/nowhere", "/auth/realms/madang/x")) {
            Caller.Answer answer = caller.line("GET " + target + " HTTP/1.1");
            assertEquals(1, answer.all("date").size(), target);
            Instant made = Instant.from(DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC)
                    .parse(Objects.requireNonNull(answer.header("date"))));
            assertFalse(made.isBefore(before) || made.isAfter(Instant.now()), target + ": " + made);
        }
        assertEquals(
                List.of("Tue, 15 Nov 1994 08:12:31 GMT"),
                caller.line("GET /auth/realms/madang/own-policy HTTP/1.1").all("date"));
    }

    @Test
    void nothing_of_an_own_answer_is_run_framed_or_sent_elsewhere() throws IOException {
        for (String target : List.of("/", "/developers", "/openapi.json", "/nowhere", "/identity/../x")) {
            String policy = caller.line("GET " + target + " HTTP/1.1").header("content-security-policy");
            for (String directive : List.of("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")) {
                assertTrue(policy.contains(directive), target + ": " + policy);
            }
            assertTrue(policy.contains("form-action"), target + ": " + policy);
        }
    }

    @Test
    void no_cache_keeps_an_answer_to_a_token_unless_the_service_says_so() throws IOException {
        String token = "Authorization: Bearer abc";

        assertEquals(
                List.of("no-store"),
                caller.line("GET /identity/echo HTTP/1.1", token).all("cache-control"));
        assertEquals(
                List.of("no-store"),
                caller.line("GET /identity/echo HTTP/1.1", "Authorization: DPoP abc")
                        .all("cache-control"));
        assertEquals(
                List.of("private, max-age=60"),
                caller.line("GET /identity/own-policy HTTP/1.1", token).all("cache-control"));
        assertEquals(List.of(), caller.line("GET /identity/echo HTTP/1.1").all("cache-control"));
    }
}
