package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class TokenDoorTest extends GatewayTestBase {

    private static final String PATH = "/guarded/echo";
    private static final String URL = TestIssuer.ORIGIN + PATH;
    private static final TestIssuer ISSUER = TestService.ISSUER;
    private static final ECKey WALLET = TestIssuer.key("wallet");

    private Caller.Answer get(String... fields) throws IOException {
        // from an address of its own: refused tokens are counted by address
        return caller.from("127.0.0.20").line("GET " + PATH + " HTTP/1.1", fields);
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    @Test
    void without_a_token_nothing_reaches_a_service_that_wants_one() throws IOException {
        int before = counts("/identity").getInteger("seen");

        Caller.Answer answer = get();

        assertProblem(answer, 401, "unauthenticated");
        assertTrue(answer.header("www-authenticate").startsWith("Bearer"), answer.header("www-authenticate"));
        assertEquals(before, counts("/identity").getInteger("seen"));
    }

    @Test
    void a_good_token_passes_as_it_is() throws IOException {
        String token = ISSUER.token();
        for (int i = 0; i < 2; i++) {
            Caller.Answer answer = get(bearer(token));

            assertEquals(200, answer.status(), answer.body());
            assertEquals(List.of("Bearer " + token), seen(answer.json(), "authorization"));
        }
    }

    @Test
    void a_token_that_is_not_good_is_refused() throws IOException {
        Date past = Date.from(Instant.now().minusSeconds(60));
        Date future = Date.from(Instant.now().plusSeconds(60));
        String good = ISSUER.token();
        String[] parts = good.split("\\.");
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(TestIssuer.ISSUER)
                .audience(TestIssuer.AUDIENCE)
                .subject("somebody")
                .expirationTime(future)
                .build();
        List<String> bad = List.of(
                ISSUER.token(c -> c.expirationTime(past)),
                ISSUER.token(c -> c.expirationTime(null)),
                ISSUER.token(c -> c.notBeforeTime(future)),
                ISSUER.token(c -> c.issuer("https://evil.example")),
                ISSUER.token(c -> c.audience("account")),
                ISSUER.token(c -> c.subject(null)),
                new TestIssuer("one").token(),
                new TestIssuer("unknown").token(),
                new PlainJWT(claims).serialize(),
                parts[0] + "." + parts[1] + ".",
                parts[0] + "." + ISSUER.token().split("\\.")[1] + "." + parts[2],
                "nonsense",
                good + "x".repeat(9000));
        for (String token : bad) {
            Caller.Answer answer = get(bearer(token));
            assertProblem(answer, 401, "unauthenticated");
            assertTrue(answer.header("www-authenticate").contains("error=\"invalid_token\""), token);
        }
        assertProblem(get(bearer(good), bearer(good)), 401, "unauthenticated");
        assertProblem(get("Authorization: Basic eDp5"), 401, "unauthenticated");
        assertProblem(get("Authorization: Bearer"), 401, "unauthenticated");
    }

    @Test
    void what_is_open_to_everybody_needs_no_token_and_looks_at_none() throws IOException {
        Caller.Answer answer = caller.line("GET /guarded/open/echo HTTP/1.1", bearer("nonsense"));

        assertEquals(200, answer.status());
        assertEquals(List.of("Bearer nonsense"), seen(answer.json(), "authorization"));
        assertEquals(
                200, caller.line("HEAD /guarded/open/blob?bytes=1 HTTP/1.1").status());
        assertProblem(caller.line("DELETE /guarded/open/echo HTTP/1.1"), 401, "unauthenticated");
        assertProblem(caller.line("GET /guarded/open/echo/below HTTP/1.1"), 401, "unauthenticated");
        assertProblem(caller.line("GET /guarded/open/ HTTP/1.1"), 401, "unauthenticated");
        assertProblem(caller.line("GET /guarded/%6Fpen/echo HTTP/1.1"), 401, "unauthenticated");
    }

    @Test
    void where_a_token_is_optional_a_bad_one_is_refused() throws IOException {
        Caller from = caller.from("127.0.0.21");
        assertEquals(200, from.line("GET /guarded/optional/echo HTTP/1.1").status());
        assertEquals(
                200,
                from.line("GET /guarded/optional/echo HTTP/1.1", bearer(ISSUER.token()))
                        .status());
        assertProblem(from.line("GET /guarded/optional/echo HTTP/1.1", bearer("nonsense")), 401, "unauthenticated");
    }

    @Test
    void a_token_bound_to_a_key_passes_with_its_proof_and_the_service_gets_a_bearer_token() throws IOException {
        String token = ISSUER.boundTo(WALLET);

        Caller.Answer answer =
                get("Authorization: DPoP " + token, "DPoP: " + TestIssuer.proof(WALLET, "GET", URL, token));

        assertEquals(200, answer.status(), answer.body());
        assertEquals(List.of("Bearer " + token), seen(answer.json(), "authorization"));
        assertTrue(seen(answer.json(), "dpop").isEmpty());
    }

    @Test
    void a_stolen_token_is_worth_nothing_without_the_key() throws IOException {
        String token = ISSUER.boundTo(WALLET);
        ECKey thief = TestIssuer.key("thief");
        Date old = Date.from(Instant.now().minusSeconds(600));
        Date ahead = Date.from(Instant.now().plusSeconds(600));
        List<String> bad = List.of(
                TestIssuer.proof(thief, "GET", URL, token),
                TestIssuer.proof(WALLET, "POST", URL, token),
                TestIssuer.proof(WALLET, "GET", URL + "x", token),
                TestIssuer.proof(WALLET, "GET", "https://localhost" + PATH, token),
                TestIssuer.proof(WALLET, "GET", PATH, token),
                TestIssuer.proof(WALLET, "GET", URL, ISSUER.token()),
                TestIssuer.proof(WALLET, "GET", URL, token, c -> c.claim("ath", null)),
                TestIssuer.proof(WALLET, "GET", URL, token, c -> c.jwtID(null)),
                TestIssuer.proof(WALLET, "GET", URL, token, c -> c.jwtID("x".repeat(300))),
                TestIssuer.proof(WALLET, "GET", URL, token, c -> c.issueTime(null)),
                TestIssuer.proof(WALLET, "GET", URL, token, c -> c.issueTime(old)),
                TestIssuer.proof(WALLET, "GET", URL, token, c -> c.issueTime(ahead)),
                TestIssuer.sign(
                        WALLET,
                        "JWT",
                        new JWTClaimsSet.Builder().claim("htm", "GET").build()),
                "nonsense");
        Caller from = caller.from("127.0.0.22");
        for (String proof : bad) {
            Caller.Answer answer =
                    from.line("GET " + PATH + " HTTP/1.1", "Authorization: DPoP " + token, "DPoP: " + proof);
            assertProblem(answer, 401, "unauthenticated");
            assertTrue(answer.header("www-authenticate").startsWith("DPoP"), proof);
        }
        String good = "DPoP: " + TestIssuer.proof(WALLET, "GET", URL, token);
        for (String[] fields : new String[][] {
            {bearer(token)},
            {bearer(token), good},
            {"Authorization: DPoP " + token},
            {"Authorization: DPoP " + token, good, good},
            {"Authorization: DPoP " + ISSUER.token(), good}
        }) {
            assertProblem(from.line("GET " + PATH + " HTTP/1.1", fields), 401, "unauthenticated");
        }
    }

    @Test
    void a_proof_is_used_once_and_its_address_has_no_query() throws IOException {
        String token = ISSUER.boundTo(WALLET);
        String proof = TestIssuer.proof(WALLET, "GET", URL, token);
        String[] fields = {"Authorization: DPoP " + token, "DPoP: " + proof};
        Caller from = caller.from("127.0.0.23");

        assertEquals(200, from.line("GET " + PATH + "?a=b HTTP/1.1", fields).status());

        Caller.Answer again = from.line("GET " + PATH + "?a=b HTTP/1.1", fields);
        assertProblem(again, 401, "unauthenticated");
        assertTrue(again.header("www-authenticate").contains("invalid_dpop_proof"));
    }

    @Test
    void a_wallets_own_token_passes_with_its_proof_which_its_server_checks_again() throws IOException {
        String url = TestIssuer.ORIGIN + "/guarded/wallet/echo";
        String opaque = UUID.randomUUID().toString();
        String proof = TestIssuer.proof(WALLET, "POST", url, opaque);
        String line = "POST /guarded/wallet/echo HTTP/1.1";
        Caller from = caller.from("127.0.0.24");

        for (int i = 0; i < 2; i++) {
            Caller.Answer answer =
                    from.line(line, "Content-Length: 0", "Authorization: DPoP " + opaque, "DPoP: " + proof);
            assertEquals(200, answer.status(), answer.body());
            assertEquals(List.of("DPoP " + opaque), seen(answer.json(), "authorization"));
            assertEquals(List.of(proof), seen(answer.json(), "dpop"));
        }
        assertEquals(200, from.line(line, "Content-Length: 0", bearer(opaque)).status());
    }

    @Test
    void a_wallet_is_refused_in_the_words_of_oauth() throws IOException {
        String line = "POST /guarded/wallet/echo HTTP/1.1";
        Caller from = caller.from("127.0.0.25");

        Caller.Answer none = from.line(line, "Content-Length: 0");
        Caller.Answer bad = from.line(
                line,
                "Content-Length: 0",
                "Authorization: DPoP opaque",
                "DPoP: " + TestIssuer.proof(WALLET, "GET", TestIssuer.ORIGIN + "/guarded/wallet/echo", "opaque"));

        assertEquals(401, none.status());
        assertEquals("application/json", none.header("content-type"));
        assertEquals("invalid_token", none.json().getString("error"));
        assertTrue(none.header("www-authenticate").startsWith("Bearer, DPoP algs=\"ES256\""));
        assertEquals(401, bad.status());
        assertEquals("invalid_dpop_proof", bad.json().getString("error"));
        assertTrue(bad.header("www-authenticate").contains("error=\"invalid_dpop_proof\""));
    }

    @Test
    void whoever_guesses_tokens_is_stopped_and_nobody_else() throws IOException {
        Caller guesser = caller.from("127.0.0.26");
        Caller.Answer answer = guesser.line("GET " + PATH + " HTTP/1.1", bearer("guess"));
        for (int i = 0; i < 200 && answer.status() == 401; i++) {
            answer = guesser.line("GET " + PATH + " HTTP/1.1", bearer("guess" + i));
        }

        assertProblem(answer, 429, "too-many-requests");
        assertNotNull(answer.header("retry-after"));
        assertEquals(200, get(bearer(ISSUER.token())).status());
        assertEquals(200, guesser.line("GET /guarded/open/echo HTTP/1.1").status());
    }

    @Test
    void the_word_of_a_trusted_network_about_callers_counts_and_nobody_elses() throws IOException {
        String line = "GET /guarded/open/echo HTTP/1.1";
        Caller proxy = caller.from(Caller.TRUSTED);

        assertEquals(
                List.of("203.0.113.9"),
                seen(
                        proxy.line(line, "X-Forwarded-For: 198.51.100.1, 203.0.113.9, " + Caller.TRUSTED)
                                .json(),
                        "x-forwarded-for"));
        assertEquals(
                List.of("203.0.113.9"),
                seen(
                        proxy.line(line, "X-Forwarded-For: x", "X-Forwarded-For: 203.0.113.9")
                                .json(),
                        "x-forwarded-for"));
        assertEquals(
                List.of(Caller.TRUSTED),
                seen(proxy.line(line, "X-Forwarded-For: localhost").json(), "x-forwarded-for"));
        assertEquals(
                List.of("127.0.0.1"),
                seen(caller.line(line, "X-Forwarded-For: 203.0.113.9").json(), "x-forwarded-for"));
        assertTrue(seen(proxy.line(line, "X-User: root").json(), "x-user").isEmpty());
    }
}
