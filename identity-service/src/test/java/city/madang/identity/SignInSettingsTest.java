package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator may choose: consent, wallets without attestation, key-bound tokens for everybody. */
@QuarkusTest
@TestProfile(SignInSettingsTest.Chosen.class)
class SignInSettingsTest {

    public static final class Chosen implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "madang.authorization.consent", "true",
                    "madang.authorization.client-attestation", "optional",
                    "madang.authorization.attestation-challenge", "optional",
                    "madang.authorization.dpop", "required",
                    "madang.authorization.public-clients.plain.redirect-uris", "http://127.0.0.1:7777/cb,plain://cb");
        }
    }

    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    private static TestBrowser.Page asked(TestBrowser browser, HaipWallet wallet) {
        TestBrowser.Page page = browser.get(browser.signIn(wallet.authorizeUrl(), "minji"));
        assertEquals(200, page.status());
        return page;
    }

    private static String token(TestBrowser.Page page) {
        Matcher token = TOKEN.matcher(page.body());
        assertTrue(token.find(), page.body());
        return token.group(1);
    }

    private static TestBrowser.Page decide(TestBrowser browser, String token, String decision) {
        return browser.post(TestWallet.ISSUER + "/authorize/consent", Map.of("token", token, "decision", decision));
    }

    @Test
    void the_citizen_is_asked_and_her_answer_counts_once_in_her_browser() {
        HaipWallet wallet = new HaipWallet();
        try (TestBrowser browser = new TestBrowser();
                TestBrowser other = new TestBrowser()) {
            TestBrowser.Page page = asked(browser, wallet);
            for (String shown : List.of("Test wallet", "마당 시민증", "Madang citizen", "The agency city-hall")) {
                assertTrue(page.body().contains(shown), shown + " in " + page.body());
            }
            assertFalse(page.body().contains("민지"), "the page needs no personal data");
            assertEquals(
                    "no-store", page.raw().headers().firstValue("cache-control").orElse(""));
            String token = token(page);
            other.get(new HaipWallet().authorizeUrl());
            assertEquals(400, decide(other, token, "allow").status(), "another browser");
            assertEquals(400, decide(browser, token + "x", "allow").status(), "a forged form");
            Map<String, String> answer =
                    TestWallet.query(decide(browser, token, "allow").location());
            assertEquals(HaipWallet.STATE, answer.get("state"));
            wallet.token(wallet.exchange(answer.get("code"))).then().statusCode(200);
            assertEquals(400, decide(browser, token, "allow").status());
        }
    }

    @Test
    void a_citizen_who_declines_is_reported_as_that() {
        HaipWallet wallet = new HaipWallet();
        try (TestBrowser browser = new TestBrowser()) {
            String token = token(asked(browser, wallet));
            Map<String, String> answer =
                    TestWallet.query(decide(browser, token, "deny").location());
            assertEquals("access_denied", answer.get("error"));
            assertFalse(answer.containsKey("code"));
            assertEquals(400, decide(browser, token, "allow").status());
        }
    }

    @Test
    void a_registered_wallet_needs_no_attestation_and_is_answered_where_it_is_registered() {
        HaipWallet wallet = new HaipWallet();
        Map<String, String> request = wallet.request("client_id", "plain", "redirect_uri", "plain://cb");
        String requestUri = given().formParams(request)
                .post("/identity/par")
                .then()
                .statusCode(201)
                .extract()
                .path("request_uri");
        String code;
        try (TestBrowser browser = new TestBrowser()) {
            String url = TestWallet.ISSUER + "/authorize?client_id=plain&request_uri="
                    + java.net.URLEncoder.encode(requestUri, StandardCharsets.UTF_8);
            String token = token(browser.get(browser.signIn(url, "minji")));
            String back = decide(browser, token, "allow").location();
            assertTrue(back.startsWith("plain://cb?"), back);
            code = TestWallet.query(back).get("code");
        }
        given().header("DPoP", wallet.dpop("/identity/token", null))
                .formParams(wallet.exchange(code, "client_id", "plain", "redirect_uri", "plain://cb"))
                .post("/identity/token")
                .then()
                .statusCode(200)
                .body("token_type", equalTo("DPoP"));

        for (String[] wrong : new String[][] {
            {"plain", "http://127.0.0.1:7778/cb", "invalid_request"},
            {"plain", "plain://cb/", "invalid_request"},
            {"unheard-of", "plain://cb", "invalid_client"}
        }) {
            Response refused = given().formParams(wallet.request("client_id", wrong[0], "redirect_uri", wrong[1]))
                    .post("/identity/par");
            assertEquals(wrong[2], refused.path("error"));
        }
    }

    @Test
    void an_attestation_that_is_shown_must_be_right_even_if_none_is_needed() {
        HaipWallet wallet = new HaipWallet();
        given().header("OAuth-Client-Attestation", wallet.attestation())
                .header("OAuth-Client-Attestation-PoP", new HaipWallet().attestationProof())
                .formParams(wallet.request())
                .post("/identity/par")
                .then()
                .statusCode(401)
                .body("error", equalTo("invalid_client"));
        String proof = wallet.attestationProof(null, claims -> claims.claim("challenge", null));
        for (int status : new int[] {201, 401}) {
            given().header("OAuth-Client-Attestation", wallet.attestation())
                    .header("OAuth-Client-Attestation-PoP", proof)
                    .formParams(wallet.request())
                    .post("/identity/par")
                    .then()
                    .statusCode(status);
        }
    }

    @Test
    void a_pre_authorized_code_needs_a_key_if_the_city_says_so() {
        Map<String, Object> announced = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(announced));
        TestWallet.token(code, (String) announced.get("tx_code"))
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_request"));
        given().header("DPoP", new HaipWallet().dpop("/identity/token", null))
                .formParam("grant_type", TestWallet.GRANT)
                .formParam("pre-authorized_code", code)
                .formParam("tx_code", announced.get("tx_code"))
                .post("/identity/token")
                .then()
                .statusCode(200);
    }

    @Test
    void the_metadata_follows_the_settings() {
        given().get("/.well-known/oauth-authorization-server/identity")
                .then()
                .body("token_endpoint_auth_methods_supported", equalTo(List.of("attest_jwt_client_auth", "none")))
                .body("'pre-authorized_grant_anonymous_access_supported'", is(true));
    }
}
