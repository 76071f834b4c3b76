package city.madang.identity;

import static city.madang.identity.TestWallet.ISSUER;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class IssuanceTest {

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    private static String token(Map<String, Object> announced) {
        return TestWallet.token(TestWallet.code(TestWallet.fetchOffer(announced)), (String) announced.get("tx_code"))
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    private static void refused(Response response, int status, String error) {
        response.then().statusCode(status).body("error", equalTo(error));
    }

    @Test
    void metadata_says_what_the_standards_ask_for() {
        given().get("/.well-known/openid-credential-issuer/identity")
                .then()
                .statusCode(200)
                .body("credential_issuer", equalTo(ISSUER))
                .body("nonce_endpoint", equalTo(ISSUER + "/nonce"))
                .body("credential_configurations_supported.residency.format", equalTo("dc+sd-jwt"))
                .body("credential_configurations_supported.residency.scope", equalTo("residency"))
                .body("credential_configurations_supported.residency.vct", equalTo(ISSUER + "/vct/residency"))
                .body(
                        "credential_configurations_supported.residency.proof_types_supported.jwt"
                                + ".proof_signing_alg_values_supported",
                        equalTo(List.of("ES256")))
                .body(
                        "credential_configurations_supported.residency.credential_metadata.claims.path",
                        hasItem(List.of("district")));
        given().get("/.well-known/oauth-authorization-server/identity")
                .then()
                .statusCode(200)
                .body("issuer", equalTo(ISSUER))
                .body("token_endpoint", equalTo(ISSUER + "/token"))
                .body("'pre-authorized_grant_anonymous_access_supported'", is(true));
        given().get("/.well-known/jwt-vc-issuer/identity")
                .then()
                .statusCode(200)
                .body("issuer", equalTo(ISSUER));
        given().get("/identity/jwks").then().statusCode(200).body("keys[0].crv", equalTo("P-256"));
        given().get("/identity/vct/residency")
                .then()
                .statusCode(200)
                .body("vct", equalTo(ISSUER + "/vct/residency"))
                .body("claims.path", hasItem(List.of("city")));
    }

    /** ISO/IEC 18013-5 tables B.3 and B.9, but for what the docs say is left out. */
    private static void assertIsAsMdocsNeedIt(X509Certificate leaf) throws Exception {
        assertTrue(leaf.getSubjectX500Principal().getName().endsWith("C=KR"), "the country comes first in it");
        assertEquals(Set.of("2.5.29.15"), leaf.getCriticalExtensionOIDs(), "the use of the key");
        assertTrue(leaf.getIssuerAlternativeNames().contains(List.of(6, TestWallet.ORIGIN)));
    }

    @Test
    void a_credential_is_bound_to_the_proven_key_and_hides_every_claim() throws Exception {
        TestWallet wallet = new TestWallet();
        SDJWT credential = SDJWT.parse(wallet.receive(TestWallet.residencyOffer()));

        SignedJWT jwt = SignedJWT.parse(credential.getCredentialJwt());
        assertEquals("dc+sd-jwt", jwt.getHeader().getType().toString());
        assertEquals(2, jwt.getHeader().getX509CertChain().size());
        var leaf = X509CertUtils.parse(
                jwt.getHeader().getX509CertChain().getFirst().decode());
        assertTrue(jwt.verify(new ECDSAVerifier((ECPublicKey) leaf.getPublicKey())));
        assertEquals(-1, leaf.getBasicConstraints());
        assertIsAsMdocsNeedIt(leaf);
        assertTrue(leaf.getSubjectX500Principal().getName().contains("The agency city-hall"));

        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertEquals(ISSUER + "/vct/residency", claims.getStringClaim("vct"));
        assertEquals(ISSUER, claims.getIssuer());
        CertificateTimes.assertIssuedLikeOthers(credential.getCredentialJwt());
        assertEquals(0, claims.getExpirationTime().getTime() % 86_400_000);
        assertEquals(
                wallet.key.toPublicJWK().toJSONObject().get("x"),
                ((Map<?, ?>) claims.getJSONObjectClaim("cnf").get("jwk")).get("x"));
        assertFalse(credential.getCredentialJwt().contains("민지"));
        assertEquals(
                Set.of("iss", "vct", "vct#integrity", "iat", "exp", "status", "cnf", "_sd", "_sd_alg"),
                claims.toJSONObject().keySet());
        List<?> digests = (List<?>) claims.getClaim("_sd");
        assertEquals(8, digests.size(), "four claims and four decoys");
        assertTrue(credential.getDisclosures().stream().map(Disclosure::digest).allMatch(digests::contains));
        assertEquals(
                Set.of("family_name", "given_name", "street_address", "district"),
                credential.getDisclosures().stream()
                        .map(Disclosure::getClaimName)
                        .collect(Collectors.toSet()));
        assertEquals(
                4,
                credential.getDisclosures().stream()
                        .map(Disclosure::getSalt)
                        .distinct()
                        .count());
    }

    @Test
    void an_offer_is_the_same_by_value_and_by_reference() {
        Map<String, Object> announced = TestWallet.residencyOffer();
        String link = (String) announced.get("credential_offer_by_value");
        String prefix = "openid-credential-offer://?credential_offer=";
        assertTrue(link.startsWith(prefix), link);
        JsonObject byValue = new JsonObject(URLDecoder.decode(link.substring(prefix.length()), StandardCharsets.UTF_8));

        JsonObject byReference =
                new JsonObject(given().get(TestWallet.path((String) announced.get("credential_offer_uri")))
                        .asString());

        assertEquals(byReference, byValue);
    }

    @Test
    void an_offer_is_redeemed_once() {
        Map<String, Object> announced = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(announced));
        String txCode = (String) announced.get("tx_code");
        TestWallet.token(code, txCode).then().statusCode(200).header("Cache-Control", "no-store");
        refused(TestWallet.token(code, txCode), 400, "invalid_grant");
        given().get(TestWallet.path((String) announced.get("credential_offer_uri")))
                .then()
                .statusCode(404);
        TestCity.citizen("minji")
                .get("/identity/credential-offers/" + announced.get("id"))
                .then()
                .body("state", equalTo("redeemed"))
                .body("tx_code", equalTo(null));
    }

    @Test
    void five_wrong_transaction_codes_kill_the_offer() {
        Map<String, Object> announced = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(announced));
        String right = (String) announced.get("tx_code");
        String wrong = right.equals("000000") ? "000001" : "000000";
        for (int guess = 0; guess < 5; guess++) {
            refused(TestWallet.token(code, wrong), 400, "invalid_grant");
        }
        refused(TestWallet.token(code, right), 400, "invalid_grant");
        TestCity.citizen("minji")
                .get("/identity/credential-offers/" + announced.get("id"))
                .then()
                .body("state", equalTo("locked"));
    }

    @Test
    void a_missing_transaction_code_costs_no_guess_and_gives_nothing() {
        Map<String, Object> announced = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(announced));
        for (int i = 0; i < 6; i++) {
            refused(
                    given().formParam("grant_type", TestWallet.GRANT)
                            .formParam("pre-authorized_code", code)
                            .post("/identity/token"),
                    400,
                    "invalid_request");
        }
        TestWallet.token(code, (String) announced.get("tx_code")).then().statusCode(200);
    }

    @Test
    void token_requests_of_other_kinds_are_refused_in_oauth_s_form() {
        refused(given().formParam("grant_type", "password").post("/identity/token"), 400, "unsupported_grant_type");
        refused(given().formParam("grant_type", TestWallet.GRANT).post("/identity/token"), 400, "invalid_request");
        refused(
                given().contentType("application/x-www-form-urlencoded")
                        .body("grant_type=a&grant_type=b")
                        .post("/identity/token"),
                400,
                "invalid_request");
        refused(TestWallet.token("unknown", "123456"), 400, "invalid_grant");
    }

    @Test
    void a_wallet_that_lost_the_answer_gets_the_same_credential_and_another_key_gets_none() {
        TestWallet wallet = new TestWallet();
        String token = token(TestWallet.residencyOffer());
        String first = TestWallet.credential(token, "residency", wallet.proof(TestWallet.nonce()))
                .then()
                .statusCode(200)
                .extract()
                .path("credentials[0].credential");
        String again = TestWallet.credential(token, "residency", wallet.proof(TestWallet.nonce()))
                .then()
                .statusCode(200)
                .extract()
                .path("credentials[0].credential");
        assertEquals(first, again);
        refused(
                TestWallet.credential(token, "residency", new TestWallet().proof(TestWallet.nonce())),
                400,
                "credential_request_denied");
    }

    @Test
    void a_nonce_is_good_once_and_only_if_it_came_from_here() {
        TestWallet wallet = new TestWallet();
        String token = token(TestWallet.residencyOffer());
        refused(TestWallet.credential(token, "residency", wallet.proof("made-up")), 400, "invalid_nonce");
        String proof = wallet.proof(TestWallet.nonce());
        TestWallet.credential(token, "residency", proof).then().statusCode(200);
        refused(TestWallet.credential(token, "residency", proof), 400, "invalid_nonce");
    }

    @Test
    void a_replayed_proof_does_not_serve_another_offer() {
        TestWallet wallet = new TestWallet();
        String proof = wallet.proof(TestWallet.nonce());
        TestWallet.credential(token(TestWallet.residencyOffer()), "residency", proof)
                .then()
                .statusCode(200);
        refused(TestWallet.credential(token(TestWallet.residencyOffer()), "residency", proof), 400, "invalid_nonce");
    }

    @Test
    void forged_proofs_are_refused() throws Exception {
        TestWallet wallet = new TestWallet();
        String token = token(TestWallet.residencyOffer());
        String good = wallet.proof(TestWallet.nonce());
        String[] parts = good.split("\\.");
        String payload = parts[1];

        List<String> forged = new ArrayList<>();
        forged.add(header(Map.of("alg", "none", "typ", "openid4vci-proof+jwt", "jwk", publicKey(wallet))) + "."
                + payload + ".");
        SignedJWT mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("openid4vci-proof+jwt"))
                        .jwk(wallet.key.toPublicJWK())
                        .build(),
                SignedJWT.parse(good).getJWTClaimsSet());
        mac.sign(new MACSigner(wallet.key.toECPublicKey().getEncoded()));
        forged.add(mac.serialize());
        forged.add(wallet.proof(TestWallet.nonce(), "https://elsewhere.example", Instant.now()));
        forged.add(wallet.proof(TestWallet.nonce(), ISSUER, Instant.now().plusSeconds(600)));
        forged.add(wallet.proof(TestWallet.nonce(), ISSUER, Instant.now().minusSeconds(3600)));
        // another key in the header than the one that signed
        forged.add(new TestWallet(new com.nimbusds.jose.jwk.ECKey.Builder(wallet.key)
                        .d(TestWallet.newKey().getD())
                        .build())
                .proof(TestWallet.nonce()));
        forged.add(wallet.sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .jwk(wallet.key.toPublicJWK())
                        .build(),
                SignedJWT.parse(good).getJWTClaimsSet()));
        forged.add(wallet.sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("openid4vci-proof+jwt"))
                        .build(),
                SignedJWT.parse(good).getJWTClaimsSet()));
        forged.add(wallet.sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("openid4vci-proof+jwt"))
                        .jwk(wallet.key.toPublicJWK())
                        .build(),
                new JWTClaimsSet.Builder()
                        .audience(ISSUER)
                        .issueTime(new Date())
                        .build()));
        forged.add(offCurve(wallet) + "." + payload + "." + parts[2]);
        for (String proof : forged) {
            refused(TestWallet.credential(token, "residency", proof), 400, "invalid_proof");
        }
        refused(TestWallet.credential(token, "residency", good, good), 400, "invalid_proof");
        refused(TestWallet.credential(token, "residency", 1), 400, "invalid_proof");
        refused(TestWallet.credential(token, "residency"), 400, "invalid_proof");
        TestWallet.credential(token, "residency", good).then().statusCode(200);
    }

    private static Map<String, Object> publicKey(TestWallet wallet) {
        return wallet.key.toPublicJWK().toJSONObject();
    }

    private static String header(Map<String, Object> header) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(com.nimbusds.jose.util.JSONObjectUtils.toJSONString(header)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String offCurve(TestWallet wallet) {
        Map<String, Object> jwk = new java.util.HashMap<>(publicKey(wallet));
        jwk.put("y", jwk.get("x"));
        return header(Map.of("alg", "ES256", "typ", "openid4vci-proof+jwt", "jwk", jwk));
    }

    @Test
    void a_batch_binds_each_credential_to_a_key_of_its_own() {
        String token = token(TestWallet.residencyOffer());
        String nonce = TestWallet.nonce();
        List<String> credentials = TestWallet.credential(
                        token, "residency", new TestWallet().proof(nonce), new TestWallet().proof(nonce))
                .then()
                .statusCode(200)
                .extract()
                .path("credentials.credential");
        assertEquals(2, credentials.size());
        assertNotEquals(credentials.get(0), credentials.get(1));

        String second = token(TestWallet.residencyOffer());
        TestWallet wallet = new TestWallet();
        String shared = TestWallet.nonce();
        refused(
                TestWallet.credential(second, "residency", wallet.proof(shared), wallet.proof(shared)),
                400,
                "invalid_proof");
        refused(
                TestWallet.credential(
                        second,
                        "residency",
                        wallet.proof(TestWallet.nonce()),
                        new TestWallet().proof(TestWallet.nonce())),
                400,
                "invalid_proof");
    }

    @Test
    void the_credential_endpoint_knows_its_tokens_and_its_credentials() {
        TestWallet wallet = new TestWallet();
        given().contentType("application/json")
                .body("{}")
                .post("/identity/credential")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer"));
        TestWallet.credential("made-up", "residency", wallet.proof(TestWallet.nonce()))
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer error=\"invalid_token\""))
                .body("error", equalTo("invalid_token"));
        String token = token(TestWallet.residencyOffer());
        refused(
                TestWallet.credential(token, "other", wallet.proof(TestWallet.nonce())),
                400,
                "unknown_credential_configuration");
        refused(
                given().header("Authorization", "Bearer " + token)
                        .contentType("application/json")
                        .body("{\"credential_configuration_id\":\"residency\",")
                        .post("/identity/credential"),
                400,
                "invalid_credential_request");
        refused(
                given().header("Authorization", "Bearer " + token)
                        .contentType("application/json")
                        .body(Map.of("credential_identifier", "residency"))
                        .post("/identity/credential"),
                400,
                "unknown_credential_identifier");
    }

    private static String tokenWithIdentifier() {
        Map<String, Object> announced = TestWallet.residencyOffer();
        Response response = given().formParam("grant_type", TestWallet.GRANT)
                .formParam("pre-authorized_code", TestWallet.code(TestWallet.fetchOffer(announced)))
                .formParam("tx_code", announced.get("tx_code"))
                .formParam(
                        "authorization_details",
                        "[{\"type\":\"openid_credential\",\"credential_configuration_id\":\"residency\"}]")
                .post("/identity/token");
        response.then()
                .statusCode(200)
                .body("authorization_details[0].credential_identifiers[0]", equalTo("residency"));
        return response.path("access_token");
    }

    @Test
    void authorization_details_lead_to_a_credential_identifier() {
        String nonce = TestWallet.nonce();
        given().header("Authorization", "Bearer " + tokenWithIdentifier())
                .contentType("application/json")
                .body(Map.of(
                        "credential_identifier",
                        "residency",
                        "proofs",
                        Map.of("jwt", List.of(new TestWallet().proof(nonce)))))
                .post("/identity/credential")
                .then()
                .statusCode(200)
                .body("credentials[0].credential", notNullValue());
    }

    /** OpenID4VCI 1.0 §8.2 wants the identifier from the wallet; with one there is no doubt which is meant. */
    @Test
    void a_wallet_that_names_the_configuration_of_its_only_identifier_is_understood() {
        TestWallet.credential(tokenWithIdentifier(), "residency", new TestWallet().proof(TestWallet.nonce()))
                .then()
                .statusCode(200)
                .body("credentials[0].credential", notNullValue());
    }
}
