package city.madang.identity;

import static city.madang.identity.WalletSession.refused;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What plans for conformant issuers try at this one, over and above what the other tests say (HAIP 1.0, FAPI 2.0 Security Profile). */
@QuarkusTest
class IssuerPlanTest {

    private static final String METADATA = "/.well-known/openid-credential-issuer/identity";

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    @Test
    void metadata_is_also_where_drafts_had_it() {
        assertEquals(
                given().get(METADATA).then().statusCode(200).extract().asString(),
                given().get("/identity/.well-known/openid-credential-issuer")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString());
    }

    @Test
    void the_metadata_has_the_shape_of_the_standard() {
        given().get(METADATA)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Vary", containsString("Accept"))
                .body("authorization_servers", equalTo(List.of(TestWallet.ISSUER)))
                .body("credential_request_encryption.jwks.keys.size()", equalTo(1))
                .body("credential_request_encryption.jwks.keys[0].kid", notNullValue())
                .body("credential_request_encryption.jwks.keys[0].alg", equalTo("ECDH-ES"))
                .body("credential_request_encryption.jwks.keys[0].use", equalTo("enc"))
                .body("credential_request_encryption.jwks.keys[0].d", equalTo(null))
                .body("credential_request_encryption.enc_values_supported", equalTo(List.of("A128GCM", "A256GCM")))
                .body("credential_request_encryption.encryption_required", equalTo(false))
                .body("credential_response_encryption.alg_values_supported", equalTo(List.of("ECDH-ES")))
                .body("credential_response_encryption.enc_values_supported", equalTo(List.of("A128GCM", "A256GCM")))
                .body("credential_response_encryption.zip_values_supported", equalTo(List.of("DEF")))
                .body("credential_response_encryption.encryption_required", equalTo(false))
                .body("batch_credential_issuance.batch_size", org.hamcrest.Matchers.greaterThanOrEqualTo(2))
                .body("display.locale", equalTo(List.of("ko", "en")))
                .body("credential_configurations_supported.values().scope", everyItem(notNullValue()))
                .body(
                        "credential_configurations_supported.'citizen-mdoc'.credential_signing_alg_values_supported",
                        equalTo(List.of(-7, -9)))
                .body(
                        "credential_configurations_supported.'citizen-mdoc'.cryptographic_binding_methods_supported",
                        equalTo(List.of("cose_key")))
                .body("credential_configurations_supported.'citizen-mdoc'.doctype", equalTo("city.madang.citizen.1"))
                .body(
                        "credential_configurations_supported.citizen.proof_types_supported.attestation"
                                + ".proof_signing_alg_values_supported",
                        equalTo(List.of("ES256")));
    }

    @Test
    void signed_metadata_says_the_same_under_a_certified_key() throws Exception {
        Response answer = given().accept("application/jwt").get(METADATA);
        answer.then().statusCode(200).contentType(startsWith("application/jwt"));
        SignedJWT jwt = SignedJWT.parse(answer.asString());
        assertEquals("openidvci-issuer-metadata+jwt", jwt.getHeader().getType().getType());
        var leaf = X509CertUtils.parse(
                jwt.getHeader().getX509CertChain().getFirst().decode());
        assertTrue(jwt.verify(new ECDSAVerifier((ECPublicKey) leaf.getPublicKey())));
        assertFalse(leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal()), "not self-signed");
        jwt.getHeader().getX509CertChain().stream()
                .skip(1)
                .map(der -> X509CertUtils.parse(der.decode()))
                .forEach(above -> assertFalse(
                        above.getSubjectX500Principal().equals(above.getIssuerX500Principal()), "without the anchor"));
        Map<String, Object> claims = new LinkedHashMap<>(jwt.getPayload().toJSONObject());
        assertEquals(TestWallet.ISSUER, claims.remove("sub"));
        assertEquals(TestWallet.ISSUER, claims.remove("iss"));
        long iat = ((Number) claims.remove("iat")).longValue();
        long exp = ((Number) claims.remove("exp")).longValue();
        assertTrue(iat <= Instant.now().getEpochSecond() && exp > Instant.now().getEpochSecond());
        assertEquals(WalletSession.metadata().keySet(), claims.keySet(), "all members stand at the top, and no others");
        for (String accept : List.of(
                "*/*", "application/json", "application/json, application/jwt;q=0.5", "application/*+json, */*")) {
            given().header("Accept", accept)
                    .get(METADATA)
                    .then()
                    .statusCode(200)
                    .contentType("application/json");
        }
        given().header("Accept", "application/jwt, application/json;q=0.5")
                .get(METADATA)
                .then()
                .contentType(startsWith("application/jwt"));
    }

    @Test
    void the_authorization_server_offers_what_fapi_and_haip_ask_for() {
        given().get("/.well-known/oauth-authorization-server/identity")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("issuer", equalTo(TestWallet.ISSUER))
                .body("response_types_supported", equalTo(List.of("code")))
                .body("code_challenge_methods_supported", equalTo(List.of("S256")))
                .body("require_pushed_authorization_requests", equalTo(true))
                .body("authorization_response_iss_parameter_supported", equalTo(true))
                .body("token_endpoint_auth_methods_supported", hasItem("attest_jwt_client_auth"))
                .body("client_attestation_signing_alg_values_supported", equalTo(List.of("ES256")))
                .body("client_attestation_pop_signing_alg_values_supported", equalTo(List.of("ES256")))
                .body("dpop_signing_alg_values_supported", equalTo(List.of("ES256")))
                .body("authorization_details_types_supported", equalTo(List.of("openid_credential")))
                .body("grant_types_supported", hasItem("refresh_token"))
                .body("id_token_signing_alg_values_supported", equalTo(null));
    }

    @Test
    void a_pushed_request_is_used_up_by_the_sign_in_and_not_by_a_visit() {
        HaipWallet wallet = new HaipWallet();
        String url = wallet.authorizeUrl();
        try (TestBrowser preview = new TestBrowser();
                TestBrowser browser = new TestBrowser()) {
            TestBrowser.Page first = preview.get(url);
            assertEquals(302, first.status());
            String callback = browser.signIn(url, "minji");
            assertTrue(browser.get(callback).location().contains("code="));
            assertEquals(400, browser.get(url).status(), "it is used up now");
            assertEquals(400, preview.get(url).status());
        }
    }

    @Test
    void of_several_visits_the_last_one_counts_and_only_in_its_browser() {
        HaipWallet wallet = new HaipWallet();
        String url = wallet.authorizeUrl();
        try (TestBrowser one = new TestBrowser();
                TestBrowser other = new TestBrowser()) {
            String earlier = one.signIn(url, "minji");
            String later = other.signIn(url, "minji");
            assertEquals(400, one.get(earlier).status());
            assertEquals(400, one.get(later).status(), "not in another browser");
            assertTrue(other.get(later).location().contains("code="));
        }
    }

    @Test
    void the_pushed_request_endpoint_takes_posts_alone() {
        for (String method : List.of("GET", "PUT", "DELETE", "PATCH")) {
            given().request(method, "/identity/par").then().statusCode(405);
            given().request(method, "/identity/token").then().statusCode(405);
            given().request(method, "/identity/credential").then().statusCode(405);
        }
    }

    @Test
    void tokens_are_not_given_without_a_key_after_a_sign_in() {
        HaipWallet wallet = new HaipWallet();
        String code = wallet.code("minji");
        refused(wallet.attested().formParams(wallet.exchange(code)).post("/identity/token"), 400, "invalid_request");
        // and the code is still good
        wallet.token(wallet.exchange(code))
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .header("DPoP-Nonce", notNullValue())
                .header("OAuth-Client-Attestation-Challenge", notNullValue())
                .body("token_type", equalTo("DPoP"))
                .body("scope", equalTo("citizen"));
    }

    @Test
    void the_scheme_is_compared_without_case_and_no_token_in_an_address_or_a_form_counts() {
        WalletSession session = WalletSession.signIn("minji", "citizen");
        for (String scheme : List.of("dpop", "DPOP", "DPoP")) {
            given().header("Authorization", scheme + " " + session.token)
                    .header("DPoP", session.wallet.dpop("/identity/credential", session.token))
                    .contentType("application/json")
                    .body(WalletSession.request("citizen", "jwt", new TestWallet().proof(TestWallet.nonce())))
                    .post("/identity/credential")
                    .then()
                    .statusCode(200);
        }
        given().queryParam("access_token", session.token)
                .header("DPoP", session.wallet.dpop("/identity/credential", session.token))
                .contentType("application/json")
                .body(WalletSession.request("citizen", "jwt", new TestWallet().proof(TestWallet.nonce())))
                .post("/identity/credential")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", allOf(containsString("DPoP"), not(containsString("error"))));
    }

    @Test
    void accept_headers_of_every_kind_get_the_credential() {
        for (String accept : List.of(
                "application/json; charset=UTF-8",
                "application/json, application/*+json, */*",
                "*/*",
                "application/json")) {
            WalletSession session = WalletSession.redeem(TestWallet.residencyOffer());
            session.at("/identity/credential")
                    .header("Accept", accept)
                    .header("X-FAPI-Interaction-Id", "5fcd0a8f-f3d4-4c8d-9b3f-3b6d6b6f1c11")
                    .contentType("application/json; charset=utf-8")
                    .body(WalletSession.request("residency", "jwt", new TestWallet().proof(TestWallet.nonce())))
                    .post("/identity/credential")
                    .then()
                    .statusCode(200)
                    .contentType("application/json")
                    .header("Cache-Control", "no-store")
                    .header("DPoP-Nonce", notNullValue());
        }
    }

    @Test
    void credentials_that_were_not_granted_or_do_not_exist_are_told_apart_as_the_standard_says() {
        WalletSession session = WalletSession.signIn("minji", "citizen");
        Object proof = new TestWallet().proof(TestWallet.nonce());
        refused(session.jwt("no-such-type", proof), 400, "unknown_credential_configuration");
        Response other = session.jwt("residency", proof);
        refused(other, 403, "insufficient_scope");
        other.then().header("WWW-Authenticate", containsString("insufficient_scope"));
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("credential_identifier", "no-such-identifier");
        named.put("proofs", Map.of("jwt", List.of(proof)));
        refused(session.credential(named), 400, "unknown_credential_identifier");
        named.put("credential_configuration_id", "citizen");
        refused(session.credential(named), 400, "invalid_credential_request");
        refused(session.credential(Map.of("proofs", Map.of())), 400, "invalid_credential_request");
        refused(session.post("/identity/credential", "[]"), 400, "invalid_credential_request");
        refused(session.post("/identity/credential", ""), 400, "invalid_credential_request");
        refused(
                session.post(
                        "/identity/credential",
                        "{\"credential_configuration_id\":\"citizen\",\"credential_configuration_id\":\"residency\"}"),
                400,
                "invalid_credential_request");
        refused(
                session.post("/identity/credential", "{\"credential_configuration_id\":" + "9".repeat(2000) + "}"),
                400,
                "invalid_credential_request");
        refused(
                session.post("/identity/credential", "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}"),
                400,
                "invalid_credential_request");
        session.jwt("citizen", proof).then().statusCode(200);
    }

    @Test
    void identifiers_stay_the_same_when_a_token_is_refreshed() {
        HaipWallet wallet = new HaipWallet();
        String details =
                "[{\"type\":\"openid_credential\",\"credential_configuration_id\":\"citizen\",\"locations\":[\""
                        + TestWallet.ISSUER + "\"]}]";
        String code = wallet.code("minji", "scope", null, "authorization_details", details);
        Response first = wallet.token(wallet.exchange(code));
        List<?> identifiers =
                first.then().statusCode(200).extract().path("authorization_details[0].credential_identifiers");
        Response second = wallet.refresh(first.path("refresh_token"));
        assertEquals(identifiers, second.path("authorization_details[0].credential_identifiers"));
        WalletSession session = new WalletSession(second.path("access_token"), wallet);
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("credential_identifier", identifiers.getFirst());
        request.put("proofs", Map.of("jwt", List.of(new TestWallet().proof(TestWallet.nonce()))));
        session.credential(request).then().statusCode(200);
    }

    @Test
    void errors_say_no_more_than_the_standard_allows() {
        // RFC 6749 §5.2: no quotation mark, no backslash, ASCII only
        List<Response> errors = new ArrayList<>();
        HaipWallet wallet = new HaipWallet();
        errors.add(given().post("/identity/token"));
        errors.add(given().formParam("grant_type", "implicit").post("/identity/token"));
        errors.add(given().formParam("grant_type", TestWallet.GRANT).post("/identity/token"));
        errors.add(TestWallet.token("x\"\\ü", "1"));
        errors.add(given().post("/identity/par"));
        for (String parameter : List.of(
                "response_type",
                "redirect_uri",
                "code_challenge",
                "code_challenge_method",
                "scope",
                "authorization_details",
                "issuer_state",
                "request",
                "request_uri",
                "dpop_jkt",
                "resource",
                "response_mode")) {
            errors.add(wallet.push(wallet.request(parameter, "x\"\\ü")));
        }
        errors.add(given().contentType("application/json").body("{}").post("/identity/credential"));
        errors.add(new WalletSession("x", null).post("/identity/credential", Map.of()));
        WalletSession session = WalletSession.redeem(TestWallet.residencyOffer());
        errors.add(session.post("/identity/credential", Map.of()));
        errors.add(session.jwt("residency", "x\"\\ü"));
        errors.add(session.jwt("residency\"\\ü", "x"));
        errors.add(session.post(
                "/identity/notification", Map.of("notification_id", "\"\\ü", "event", "credential_accepted")));
        for (Response error : errors) {
            String code = error.path("error");
            assertTrue(code != null && code.matches("[a-z_]+"), error.asString());
            String description = error.path("error_description");
            assertTrue(description.matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+"), description);
            error.then().contentType("application/json").header("Cache-Control", "no-store");
            assertEquals(
                    Set.of("error", "error_description"),
                    error.jsonPath().getMap("").keySet());
        }
    }

    @Test
    void bodies_and_headers_of_no_end_are_refused() {
        String large = "a".repeat(1_200_000);
        for (String path : List.of("/identity/token", "/identity/par")) {
            assertTrue(
                    isRefused(() -> given().contentType("application/x-www-form-urlencoded")
                            .body("grant_type=" + large)
                            .post(path)),
                    path);
            given().contentType("application/x-www-form-urlencoded")
                    .body("a=b&".repeat(40))
                    .post(path)
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_request"));
            given().contentType("application/x-www-form-urlencoded")
                    .body("grant_type=a&grant_type=b")
                    .post(path)
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_request"));
            given().contentType("application/x-www-form-urlencoded")
                    .body("grant_type=%zz")
                    .post(path)
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_request"));
        }
        WalletSession session = WalletSession.redeem(TestWallet.residencyOffer());
        for (String path : List.of("/identity/credential", "/identity/deferred-credential", "/identity/notification")) {
            assertTrue(
                    isRefused(() -> session.at(path)
                            .contentType("application/json")
                            .body("{\"a\":\"" + large + "\"}")
                            .post(path)),
                    path);
            session.at(path)
                    .contentType("application/json")
                    .body("{\"a\":\"" + "a".repeat(300_000) + "\"}")
                    .post(path)
                    .then()
                    .statusCode(400);
        }
        for (String header : List.of("DPoP", "OAuth-Client-Attestation", "Authorization")) {
            assertTrue(
                    isRefused(() -> given().header(header, "DPoP " + "a".repeat(60_000))
                            .formParam("grant_type", TestWallet.GRANT)
                            .post("/identity/token")),
                    header);
        }
        session.jwt("residency", new TestWallet().proof(TestWallet.nonce()))
                .then()
                .statusCode(200);
    }

    /** With an error, or by hanging up before all of it was sent. */
    private static boolean isRefused(Supplier<Response> sent) {
        try {
            return Set.of(400, 413, 431).contains(sent.get().statusCode());
        } catch (Exception hungUp) {
            return hungUp instanceof java.net.SocketException;
        }
    }

    @Test
    void a_code_is_for_the_wallet_the_key_and_the_address_it_was_made_for() {
        HaipWallet wallet = new HaipWallet();
        String code = wallet.code("minji", "dpop_jkt", thumbprint(wallet));
        HaipWallet thief = new HaipWallet();
        refused(thief.token(wallet.exchange(code)), 400, "invalid_grant");
        HaipWallet other = new HaipWallet();
        other.clientId = "https://other-wallet.example";
        refused(other.token(other.exchange(code, "code_verifier", wallet.verifier)), 400, "invalid_grant");
        refused(wallet.token(wallet.exchange(code, "code_verifier", null)), 400, "invalid_grant");
        refused(wallet.token(wallet.exchange(code, "redirect_uri", "https://wallet.example/cb")), 400, "invalid_grant");
        wallet.token(wallet.exchange(code)).then().statusCode(200);
    }

    private static String thumbprint(HaipWallet wallet) {
        try {
            return wallet.dpop.computeThumbprint().toString();
        } catch (com.nimbusds.jose.JOSEException broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void an_authorization_answer_names_its_server_and_addresses_that_are_no_wallets_are_refused() {
        HaipWallet wallet = new HaipWallet();
        try (TestBrowser browser = new TestBrowser()) {
            Map<String, String> answer = TestWallet.query(browser.authorize(wallet.authorizeUrl(), "minji"));
            assertEquals(TestWallet.ISSUER, answer.get("iss"));
            assertEquals(HaipWallet.STATE, answer.get("state"));
        }
        for (String address : List.of(
                "javascript:alert(1)",
                "data:text/html,x",
                "http://wallet.example/cb",
                "https://user@wallet.example/cb",
                "https://wallet.example/cb#fragment",
                "//wallet.example/cb",
                "/cb",
                "https://",
                "https:///cb",
                "file:///etc/passwd",
                "https://wallet.example/c b",
                "https://wallet.example/\r\nLocation: x")) {
            refused(wallet.push(wallet.request("redirect_uri", address)), 400, "invalid_request");
        }
        for (String[] downgrade : new String[][] {
            {"code_challenge", null},
            {"code_challenge_method", null},
            {"code_challenge_method", "plain"},
            {"code_challenge", "short"},
            {"response_mode", "fragment"},
            {"request_uri", "urn:ietf:params:oauth:request_uri:x"}
        }) {
            refused(wallet.push(wallet.request(downgrade)), 400, "invalid_request");
        }
        refused(wallet.push(wallet.request("response_type", "code id_token")), 400, "unsupported_response_type");
        refused(wallet.push(wallet.request("response_type", "token")), 400, "unsupported_response_type");
    }

    @Test
    void client_attestations_that_lack_something_are_refused_at_the_first_endpoint() {
        HaipWallet wallet = new HaipWallet();
        refused(withAttestation(wallet, wallet.attestation(c -> c.subject(null))), 401, "invalid_client");
        refused(
                withAttestation(
                        wallet,
                        wallet.attestation(
                                c -> c.expirationTime(Date.from(Instant.now().minusSeconds(300))))),
                401,
                "invalid_client");
        refused(withAttestation(wallet, wallet.attestation(c -> c.expirationTime(null))), 401, "invalid_client");
        HaipWallet other = new HaipWallet();
        refused(withAttestation(wallet, other.attestation()), 401, "invalid_client");
    }

    private static Response withAttestation(HaipWallet wallet, String attestation) {
        return given().header("OAuth-Client-Attestation", attestation)
                .header("OAuth-Client-Attestation-PoP", wallet.attestationProof())
                .formParams(wallet.request())
                .post("/identity/par");
    }
}
