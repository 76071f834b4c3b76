package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class RoutingTest extends GatewayTestBase {

    @ParameterizedTest
    @CsvSource({
        "/identity/echo, identity",
        "/identity, identity",
        "/.well-known/openid-credential-issuer/identity, identity",
        "/.well-known/oauth-authorization-server/identity, identity",
        "/.well-known/jwt-vc-issuer/identity, identity",
        "/records/a%20b/%EA%B0%80, records",
        "/auth/realms/madang/protocol/openid-connect/token?a=%2e%2e/%2f, keycloak",
        "/auth/resources/x.css, keycloak",
    })
    void a_published_path_reaches_its_service_unchanged(String target, String service) throws IOException {
        Caller.Answer answer = caller.line("GET " + target + " HTTP/1.1");

        assertEquals(200, answer.status(), answer.body());
        assertEquals(service, answer.json().getString("service"));
        assertEquals(target, answer.json().getString("uri"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q/health",
                "/q/openapi",
                "/identityx",
                "/Identity/echo",
                "/%69dentity/echo",
                "/.well-known/openid-credential-issuer",
                "/.well-known/jwt-vc-issuer/identity/x",
                "/auth",
                "/auth/admin/master/console/",
                "/auth/realms/master/protocol/openid-connect/token",
                "/auth/realms/madangx",
                "/auth/realms/madang/clients-registrations/openid-connect",
                "/metrics",
                "/META-INF/resources/openapi-ui/index.html"
            })
    void nothing_else_is_published(String target) throws IOException {
        assertProblem(caller.line("GET " + target + " HTTP/1.1"), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/identity/../q/health",
                "/identity/..",
                "/identity/./echo",
                "/identity/%2e%2e/q/health",
                "/identity/%2E%2e/q/health",
                "/identity/.%2e/q/health",
                "/identity%2fecho",
                "/identity/a%2Fb",
                "/identity/a%5cb",
                "/identity/%252e%252e/q",
                "/identity/..;/q/health",
                "/identity/a;b=c",
                "/identity//echo",
                "//identity/echo",
                "/identity\\..\\q",
                "/identity/%00",
                "/identity/%0d%0aX:1",
                "/identity/%zz",
                "/identity/%4",
                "/identity/a#b",
                "/identity/<a>",
                "/identity/\u00e9",
                "https://localhost/identity/echo",
                "identity/echo",
                "*"
            })
    void an_ambiguous_path_is_refused_and_reaches_nobody(String target) throws IOException {
        int before = counts("/identity").getInteger("seen");

        assertProblem(caller.line("GET " + target + " HTTP/1.1"), 400, "bad-path");

        assertEquals(before, counts("/identity").getInteger("seen"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "PROPFIND"})
    void only_the_usual_methods_pass(String method) throws IOException {
        Caller.Answer answer = caller.line(method + " /identity/echo HTTP/1.1");

        assertProblem(answer, 405, "method-not-allowed");
        assertTrue(answer.header("allow").contains("GET"));
    }

    @Test
    void a_page_of_the_gateway_can_only_be_read() throws IOException {
        assertProblem(caller.line("POST / HTTP/1.1", "Content-Length: 0"), 405, "method-not-allowed");
    }

    @Test
    void a_request_without_one_host_is_refused() throws IOException {
        assertProblem(caller.raw("GET /identity/echo HTTP/1.1\r\nConnection: close\r\n\r\n"), 400, "bad-request");
        assertProblem(caller.line("GET /identity/echo HTTP/1.1", "Host: other"), 400, "bad-request");
        assertProblem(
                caller.raw("GET /identity/echo HTTP/1.0\r\nHost: localhost\r\n\r\n"),
                505,
                "http-version-not-supported");
    }

    @Test
    void an_upgrade_is_not_negotiated() throws IOException {
        Caller.Answer answer = caller.raw("GET /identity/echo HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: Upgrade, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

        assertEquals(200, answer.status());
        JsonObject echo = answer.json();
        assertTrue(seen(echo, "upgrade").isEmpty());
        assertTrue(seen(echo, "http2-settings").isEmpty());
    }

    @Test
    void both_versions_of_http_are_spoken() throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version.name().startsWith("HTTP_3")) {
                continue;
            }
            try (HttpClient client = caller.client(version)) {
                HttpResponse<String> response =
                        client.send(caller.request("/identity/echo").build(), HttpResponse.BodyHandlers.ofString());
                assertEquals(200, response.statusCode());
                assertEquals(version, response.version());
            }
        }
    }

    @Test
    void the_newest_tls_is_preferred_and_no_old_one_is_spoken() throws Exception {
        assertEquals("TLSv1.3", caller.agreed("TLSv1.2", "TLSv1.3"));
        assertEquals("TLSv1.2", caller.agreed("TLSv1.2"));
        // a ClientHello of TLS 1.1 by hand, since no client of today sends one: the answer is an alert (21) and no
        // handshake (22)
        byte[] hello = HexFormat.of()
                .parseHex("16030100" + "2f" + "0100002b" + "0302" + "00".repeat(32) + "00" + "0004c009c013" + "0100");
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), entry.port())) {
            plain.setSoTimeout(5000);
            plain.getOutputStream().write(hello);
            assertNotEquals(22, plain.getInputStream().read());
        }
    }

    /** RFC 9325 §4.2, which FAPI 2.0 Security Profile §5.2.2 asks for: what is left of TLS 1.2 is both authenticated and forward secret. */
    @Test
    void of_tls_1_2_nothing_is_spoken_but_what_is_recommended() throws Exception {
        for (String suite : SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()) {
            if (suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_") || suite.endsWith("_SCSV")) {
                continue;
            }
            if (suite.matches("TLS_ECDHE_(ECDSA|RSA)_WITH_AES_(128_GCM_SHA256|256_GCM_SHA384)")) {
                continue;
            }
            assertThrows(IOException.class, () -> caller.agreedSuite(suite), suite);
        }
        String agreed =
                caller.agreedSuite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assertTrue(agreed.endsWith("_WITH_AES_128_GCM_SHA256"), agreed);
    }

    @Test
    void there_is_no_plain_http() throws Exception {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), entry.port())) {
            plain.setSoTimeout(5000);
            plain.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            assertThrows(IOException.class, () -> Caller.read(plain));
        }
    }
}
