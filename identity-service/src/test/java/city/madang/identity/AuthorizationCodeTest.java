package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.identity.secrets.AtRest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A citizen signs in at the real Keycloak for her wallet, and nobody else gets anything of it. */
@QuarkusTest
class AuthorizationCodeTest {

    private static final String DETAILS =
            "[{\"type\":\"openid_credential\",\"credential_configuration_id\":\"citizen\"}]";

    @Inject
    Pool pool;

    @Inject
    AtRest atRest;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    private static void refused(Response response, int status, String error) {
        response.then().statusCode(status).body("error", equalTo(error)).header("Cache-Control", "no-store");
    }

    private static String accessToken(Response response) {
        return response.then().statusCode(200).extract().path("access_token");
    }

    /** A probe with a good token fails for its body, not for the token. */
    private static void works(HaipWallet wallet, String token) {
        assertNotEquals(401, wallet.probe(token).statusCode());
    }

    private Row grant(String column, String value) {
        return pool.preparedQuery("select * from wallet_grant where " + column + " = $1")
                .execute(Tuple.of(value))
                .await()
                .indefinitely()
                .iterator()
                .next();
    }

    @Test
    void the_metadata_says_what_the_server_does() {
        given().get("/.well-known/oauth-authorization-server/identity")
                .then()
                .statusCode(200)
                .body("issuer", equalTo(TestWallet.ISSUER))
                .body("authorization_endpoint", equalTo(TestWallet.ISSUER + "/authorize"))
                .body("pushed_authorization_request_endpoint", equalTo(TestWallet.ISSUER + "/par"))
                .body("require_pushed_authorization_requests", is(true))
                .body("challenge_endpoint", equalTo(TestWallet.ISSUER + "/challenge"))
                .body("code_challenge_methods_supported", equalTo(List.of("S256")))
                .body("authorization_response_iss_parameter_supported", is(true))
                .body("token_endpoint_auth_methods_supported", equalTo(List.of("attest_jwt_client_auth")))
                .body("dpop_signing_alg_values_supported", hasItem("ES256"))
                .body("client_attestation_signing_alg_values_supported", hasItem("ES256"))
                .body("client_attestation_pop_signing_alg_values_supported", hasItem("ES256"))
                .body("grant_types_supported", hasItem("authorization_code"))
                .body("grant_types_supported", hasItem("refresh_token"));
    }

    @Test
    void a_citizen_signs_in_and_her_wallet_gets_bound_tokens() {
        HaipWallet wallet = new HaipWallet();
        Map<String, String> answer;
        try (TestBrowser browser = new TestBrowser()) {
            String back = browser.authorize(wallet.authorizeUrl(), "minji");
            assertTrue(back.startsWith(HaipWallet.REDIRECT + "&"), back);
            answer = TestWallet.query(back);
        }
        assertEquals(HaipWallet.STATE, answer.get("state"));
        assertEquals(TestWallet.ISSUER, answer.get("iss"), "RFC 9207: a mix-up shows");

        Response tokens = wallet.token(wallet.exchange(answer.get("code")));
        tokens.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .header("DPoP-Nonce", notNullValue())
                .body("token_type", equalTo("DPoP"))
                .body("refresh_token", notNullValue())
                .body("scope", equalTo("citizen"))
                .body("$", not(hasKey("authorization_details")))
                .body("$", not(hasKey("c_nonce")));
        works(wallet, accessToken(tokens));

        Row grant = grant("code_sha256", sha256(answer.get("code")));
        assertEquals(TestTokens.subject("minji"), grant.getString("holder"));
        String kept = grant.getString("sign_in_claims");
        assertFalse(kept.contains("민지"), "nobody who reads the database learns a name");
        String opened = atRest.open(grant.getUUID("id"), AtRest.Kind.SIGN_IN, kept);
        assertTrue(opened.contains("민지"));
        assertFalse(opened.contains("email"), "only what the credential holds is kept");
    }

    @Test
    void authorization_details_lead_to_credential_identifiers() {
        HaipWallet wallet = new HaipWallet();
        String code = wallet.code("minji", "scope", null, "authorization_details", DETAILS);
        wallet.token(wallet.exchange(code))
                .then()
                .statusCode(200)
                .body("authorization_details[0].type", equalTo("openid_credential"))
                .body("authorization_details[0].credential_configuration_id", equalTo("citizen"))
                .body("authorization_details[0].credential_identifiers", equalTo(List.of("citizen")))
                .body("$", not(hasKey("scope")));
    }

    @Test
    void a_code_that_comes_twice_ends_what_the_first_gave() {
        HaipWallet wallet = new HaipWallet();
        String code = wallet.code("minji");
        Response tokens = wallet.token(wallet.exchange(code));
        String token = accessToken(tokens);
        works(wallet, token);

        refused(wallet.token(wallet.exchange(code)), 400, "invalid_grant");

        assertEquals(401, wallet.probe(token).statusCode());
        refused(wallet.refresh(tokens.path("refresh_token")), 400, "invalid_grant");
    }

    @Test
    void a_stolen_code_is_worth_nothing_without_verifier_client_key_and_address() {
        HaipWallet wallet = new HaipWallet();
        String code = wallet.code("minji", "dpop_jkt", thumbprint(wallet));
        refused(wallet.token(wallet.exchange(code, "code_verifier", new HaipWallet().verifier)), 400, "invalid_grant");
        refused(wallet.token(wallet.exchange(code, "code_verifier", null)), 400, "invalid_grant");
        refused(wallet.token(wallet.exchange(code, "redirect_uri", "https://wallet.example/cb")), 400, "invalid_grant");
        refused(wallet.token(wallet.exchange(code, "redirect_uri", null)), 400, "invalid_request");

        HaipWallet otherClient = new HaipWallet();
        otherClient.clientId = "https://other.example";
        refused(otherClient.token(otherClient.exchange(code, "code_verifier", wallet.verifier)), 400, "invalid_grant");
        HaipWallet otherKey = new HaipWallet();
        refused(otherKey.token(otherKey.exchange(code, "code_verifier", wallet.verifier)), 400, "invalid_grant");
        refused(
                given().header("DPoP", wallet.dpop("/identity/token", null))
                        .formParams(wallet.exchange(code))
                        .post("/identity/token"),
                401,
                "invalid_client");
        refused(wallet.attested().formParams(wallet.exchange(code)).post("/identity/token"), 400, "invalid_request");

        works(wallet, accessToken(wallet.token(wallet.exchange(code))));
    }

    @Test
    void the_address_of_a_return_is_worth_nothing_in_another_browser() {
        HaipWallet wallet = new HaipWallet();
        try (TestBrowser browser = new TestBrowser();
                TestBrowser thief = new TestBrowser()) {
            String callback = browser.signIn(wallet.authorizeUrl(), "minji");
            assertEquals(400, thief.get(callback).status());
            // not even if the thief signs in, too
            thief.get(new HaipWallet().authorizeUrl());
            assertTrue(thief.cookies.containsKey("__Host-madang-sign-in"));
            assertEquals(400, thief.get(callback).status());
            // and it did no harm
            assertTrue(browser.get(callback).location().contains("code="));
            assertEquals(400, browser.get(callback).status(), "a return is good once");
        }
    }

    @Test
    void the_cookie_is_for_this_host_and_no_script() {
        try (TestBrowser browser = new TestBrowser()) {
            String cookie = browser.get(new HaipWallet().authorizeUrl())
                    .raw()
                    .headers()
                    .firstValue("set-cookie")
                    .orElseThrow();
            assertTrue(cookie.startsWith("__Host-"), cookie);
            for (String attribute : List.of("; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Lax")) {
                assertTrue(cookie.contains(attribute), cookie);
            }
            assertFalse(cookie.contains("Domain"), cookie);
        }
    }

    @Test
    void only_pushed_requests_of_the_same_client_are_opened() {
        HaipWallet wallet = new HaipWallet();
        String requestUri = wallet.push(wallet.request()).path("request_uri");
        assertTrue(requestUri.startsWith("urn:ietf:params:oauth:request_uri:"), requestUri);
        HaipWallet other = new HaipWallet();
        other.clientId = "https://other.example";
        try (TestBrowser browser = new TestBrowser()) {
            assertEquals(400, browser.get(other.authorizeUrlOf(requestUri)).status());
            assertEquals(
                    400,
                    browser.get(TestWallet.ISSUER
                                    + "/authorize?response_type=code&client_id=x&redirect_uri=https://evil.example")
                            .status());
            assertEquals(
                    400,
                    browser.get(wallet.authorizeUrlOf("urn:ietf:params:oauth:request_uri:made-up"))
                            .status());
            assertEquals(302, browser.get(wallet.authorizeUrlOf(requestUri)).status());
            assertEquals(
                    400,
                    browser.get(TestWallet.ISSUER + "/authorize/callback?state=x&code=y")
                            .status());
        }
    }

    @Test
    void requests_that_are_not_right_are_refused_when_they_are_pushed() {
        HaipWallet wallet = new HaipWallet();
        for (String[] change : new String[][] {
            {"response_type", null, "invalid_request"},
            {"response_type", "token", "unsupported_response_type"},
            {"code_challenge", null, "invalid_request"},
            {"code_challenge_method", "plain", "invalid_request"},
            {"code_challenge_method", null, "invalid_request"},
            {"request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request"},
            {"request", "eyJ", "request_not_supported"},
            {"redirect_uri", null, "invalid_request"},
            {"redirect_uri", "/cb", "invalid_request"},
            {"redirect_uri", "http://wallet.example/cb", "invalid_request"},
            {"redirect_uri", "https://wallet.example/cb#x", "invalid_request"},
            {"redirect_uri", "https://user@wallet.example/cb", "invalid_request"},
            {"redirect_uri", "javascript:alert(1)", "invalid_request"},
            {"redirect_uri", "data:text/html,x", "invalid_request"},
            {"scope", null, "invalid_scope"},
            {"scope", "openid", "invalid_scope"},
            {"issuer_state", "made-up", "invalid_request"},
            {"resource", "https://elsewhere.example", "invalid_target"},
            {"response_mode", "fragment", "invalid_request"},
            {"dpop_jkt", "short", "invalid_request"},
            {"authorization_details", "[]", "invalid_authorization_details"},
            {"authorization_details", "{", "invalid_authorization_details"},
            {"authorization_details", DETAILS.replace("citizen", "unheard-of"), "invalid_authorization_details"},
            {
                "authorization_details",
                DETAILS.replace("}]", ",\"locations\":[\"https://elsewhere.example\"]}]"),
                "invalid_authorization_details"
            }
        }) {
            Response response = wallet.push(wallet.request(change[0], change[1]));
            assertEquals(change[2], response.path("error"), change[0] + "=" + change[1] + " " + response.asString());
            assertEquals(400, response.statusCode());
        }
        refused(wallet.push(wallet.request("client_id", "https://other.example")), 401, "invalid_client");
        for (String good : List.of("http://127.0.0.1:1234/cb", "madang-wallet://cb", "http://[::1]:99/cb")) {
            assertEquals(201, wallet.push(wallet.request("redirect_uri", good)).statusCode(), good);
        }
        assertEquals(
                201, wallet.push(wallet.request("scope", "openid citizen")).statusCode(), "unknown scopes are ignored");
    }

    @Test
    void credentials_are_for_citizens() {
        HaipWallet wallet = new HaipWallet();
        try (TestBrowser browser = new TestBrowser()) {
            Map<String, String> answer =
                    TestWallet.query(browser.authorize(wallet.authorizeUrl(), "officer.transport"));
            assertEquals("access_denied", answer.get("error"));
            assertEquals(HaipWallet.STATE, answer.get("state"));
            assertEquals(TestWallet.ISSUER, answer.get("iss"));
            assertFalse(answer.containsKey("code"));
        }
    }

    @Test
    void a_credential_that_needs_a_strong_sign_in_is_not_given_after_a_weak_one() {
        TestCity.agency("city-hall")
                .body(Map.of(
                        "vct_name",
                        "strong-citizen",
                        "display",
                        Map.of("ko", "강한 시민증", "en", "Strong citizen"),
                        "claims",
                        List.of(Map.of("name", "family_name", "label", Map.of("ko", "성", "en", "Family name"))),
                        "validity_days",
                        1,
                        "acr",
                        "2",
                        "source",
                        "sign_in"))
                .put("/identity/credential-types/strong-citizen")
                .then()
                .statusCode(200);
        HaipWallet wallet = new HaipWallet();
        try (TestBrowser browser = new TestBrowser()) {
            // has no second factor
            Map<String, String> answer = TestWallet.query(
                    browser.authorize(wallet.authorizeUrl("scope", "strong-citizen citizen"), "junho"));
            assertEquals("unmet_authentication_requirements", answer.get("error"));
            assertEquals(HaipWallet.STATE, answer.get("state"));
        }
        String code = wallet.code("minji", "scope", "strong-citizen");
        works(wallet, accessToken(wallet.token(wallet.exchange(code))));
        assertEquals("2", grant("code_sha256", sha256(code)).getString("assurance"));
    }

    @Test
    void a_citizen_who_declines_at_the_sign_in_is_reported_as_that() {
        HaipWallet wallet = new HaipWallet();
        try (TestBrowser browser = new TestBrowser()) {
            Map<String, String> away =
                    TestWallet.query(browser.get(wallet.authorizeUrl()).location());
            String callback = TestWallet.ISSUER + "/authorize/callback?error=access_denied&state=" + away.get("state");
            Map<String, String> answer = TestWallet.query(browser.get(callback).location());
            assertEquals("access_denied", answer.get("error"));
            assertEquals(TestWallet.ISSUER, answer.get("iss"));
            assertEquals(400, browser.get(callback).status());
        }
    }

    @Test
    void a_code_of_another_sign_in_is_not_taken_from_the_provider() {
        HaipWallet wallet = new HaipWallet();
        try (TestBrowser browser = new TestBrowser();
                TestBrowser thief = new TestBrowser()) {
            // the thief has the victim's code of Keycloak, and puts it into her own sign-in
            String stolen = TestWallet.query(browser.signIn(wallet.authorizeUrl(), "minji"))
                    .get("code");
            Map<String, String> away =
                    TestWallet.query(thief.get(new HaipWallet().authorizeUrl()).location());
            Map<String, String> answer = TestWallet.query(
                    thief.get(TestWallet.ISSUER + "/authorize/callback?code=" + stolen + "&state=" + away.get("state"))
                            .location());
            assertEquals("access_denied", answer.get("error"));
            // another provider says that it is answering
            away = TestWallet.query(thief.get(new HaipWallet().authorizeUrl()).location());
            answer = TestWallet.query(thief.get(TestWallet.ISSUER
                            + "/authorize/callback?code=x&iss=https%3A%2F%2Fevil.example&state=" + away.get("state"))
                    .location());
            assertEquals("access_denied", answer.get("error"));
        }
    }

    @Test
    void codes_and_pushed_requests_expire() {
        HaipWallet wallet = new HaipWallet();
        String code = wallet.code("minji");
        String url = wallet.authorizeUrl();
        try (TestBrowser browser = new TestBrowser()) {
            String callback = browser.signIn(wallet.authorizeUrl(), "minji");
            pool.query("update wallet_grant set code_expires_at = now() where not code_used")
                    .execute()
                    .await()
                    .indefinitely();
            pool.query("update authorization_request set expires_at = now()")
                    .execute()
                    .await()
                    .indefinitely();
            assertEquals(400, browser.get(callback).status());
            assertEquals(400, browser.get(url).status());
        }
        refused(wallet.token(wallet.exchange(code)), 400, "invalid_grant");
    }

    @Test
    void an_offer_is_for_its_holder_who_signs_in_and_is_redeemed_once() {
        String id = TestCity.agency("city-hall")
                .body(Map.of(
                        "credential_configuration_id", "residency",
                        "holder", TestTokens.subject("minji"),
                        "claims", Map.of("district", "중구"),
                        "grants", List.of("authorization_code", TestWallet.GRANT)))
                .post("/identity/credential-offers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        Map<String, Object> announced = TestCity.citizen("minji")
                .get("/identity/credential-offers/" + id)
                .then()
                .statusCode(200)
                .extract()
                .as(new io.restassured.common.mapper.TypeRef<>() {});
        Map<String, Object> offer = TestWallet.fetchOffer(announced);
        String issuerState = grants(offer).get("authorization_code").get("issuer_state");
        String preAuthorized = TestWallet.code(offer);

        HaipWallet wallet = new HaipWallet();
        refused(wallet.push(wallet.request("issuer_state", issuerState)), 400, "invalid_request");
        try (TestBrowser browser = new TestBrowser()) {
            Map<String, String> answer = TestWallet.query(
                    browser.authorize(wallet.authorizeUrl("scope", "residency", "issuer_state", issuerState), "junho"));
            assertEquals("access_denied", answer.get("error"), "another citizen gets nothing of it");
        }
        String code = wallet.code("minji", "scope", "residency", "issuer_state", issuerState);
        String late = wallet.code("minji", "scope", "residency", "issuer_state", issuerState);
        works(wallet, accessToken(wallet.token(wallet.exchange(code))));
        assertEquals(UUID.fromString(id), grant("code_sha256", sha256(code)).getUUID("offer"));

        refused(wallet.token(wallet.exchange(late)), 400, "invalid_grant");
        refused(TestWallet.token(preAuthorized, (String) announced.get("tx_code")), 400, "invalid_grant");
        refused(wallet.push(wallet.request("scope", "residency", "issuer_state", issuerState)), 400, "invalid_request");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, String>> grants(Map<String, Object> offer) {
        return (Map<String, Map<String, String>>) offer.get("grants");
    }

    @Test
    void an_offer_may_be_for_a_sign_in_alone() {
        String id = TestCity.agency("city-hall")
                .body(Map.of(
                        "credential_configuration_id", "residency",
                        "holder", TestTokens.subject("minji"),
                        "claims", Map.of("district", "중구"),
                        "grants", List.of("authorization_code")))
                .post("/identity/credential-offers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        TestCity.citizen("minji")
                .get("/identity/credential-offers/" + id)
                .then()
                .body("tx_code", equalTo(null))
                .body("credential_offer_by_value", startsWith("openid-credential-offer://?credential_offer="));
        given().get("/identity/offer/" + id)
                .then()
                .statusCode(200)
                .body("grants", not(hasKey(TestWallet.GRANT)))
                .body("grants.authorization_code.issuer_state", notNullValue());
    }

    @Test
    void nothing_secret_is_in_the_database() {
        HaipWallet wallet = new HaipWallet();
        String code = wallet.code("minji");
        Response tokens = wallet.token(wallet.exchange(code));
        Map<String, Object> announced = TestWallet.residencyOffer();
        String preAuthorized = TestWallet.code(TestWallet.fetchOffer(announced));
        for (String table : List.of(
                "wallet_grant",
                "access_token",
                "refresh_token",
                "authorization_request",
                "credential_offer",
                "used_once")) {
            String all = pool.query("select string_agg(t::text, ' ') as all from " + table + " t")
                    .execute()
                    .await()
                    .indefinitely()
                    .iterator()
                    .next()
                    .getString(0);
            for (String secret :
                    List.of(code, tokens.path("access_token"), tokens.path("refresh_token"), preAuthorized)) {
                assertFalse(all != null && all.contains(secret), table);
            }
        }
    }

    private static String thumbprint(HaipWallet wallet) {
        try {
            return wallet.dpop.computeThumbprint().toString();
        } catch (com.nimbusds.jose.JOSEException broken) {
            throw new AssertionError(broken);
        }
    }

    private static String sha256(String text) {
        return city.madang.identity.jose.Sha256.hex(text);
    }
}
