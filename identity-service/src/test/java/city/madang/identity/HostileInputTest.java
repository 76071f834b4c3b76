package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import city.madang.devstack.testing.TestTokens;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.X509CertUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Input that is well formed on the surface: it is refused as input, and is no fault of the service. */
@QuarkusTest
class HostileInputTest {

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    private static X509Certificate register(String agency, String name) {
        List<String> x5c = TestCity.as(TestTokens.user("officer.cityhall"))
                .body(Map.of("name", Map.of("ko", "가", "en", name)))
                .put("/identity/agencies/" + agency)
                .then()
                .extract()
                .path("certificates.find { it.purpose == 'credential-issuer' }.x5c");
        X509Certificate leaf = X509CertUtils.parse(java.util.Base64.getDecoder().decode(x5c.getFirst()));
        X509Certificate issuer =
                X509CertUtils.parse(java.util.Base64.getDecoder().decode(x5c.get(1)));
        assertEquals(false, leaf.getNotAfter().after(issuer.getNotAfter()), "no leaf outlives its CA");
        assertEquals(1, leaf.getSerialNumber().signum());
        assertEquals(true, leaf.getSerialNumber().bitLength() >= 64);
        return leaf;
    }

    @Test
    void an_agency_s_name_is_data_in_its_certificate() throws Exception {
        for (String name : List.of("X,O=treasury", "#0c0548656c6c6f", "#zz", "\\O=treasury", "a+O=treasury\"<>;=")) {
            var subject = new JcaX509CertificateHolder(register("odd-names", name)).getSubject();
            assertEquals(3, subject.getRDNs().length, name);
            assertEquals(
                    "odd-names",
                    subject.getRDNs(BCStyle.O)[0].getFirst().getValue().toString());
            assertEquals(
                    name, subject.getRDNs(BCStyle.CN)[0].getFirst().getValue().toString());
        }
    }

    @Test
    void a_renamed_agency_gets_a_certificate_of_its_new_name_for_the_same_key() {
        X509Certificate first = register("renamed", "Old name");
        assertEquals(first, register("renamed", "Old name"));
        X509Certificate second = register("renamed", "New name");
        assertNotEquals(first, second);
        assertEquals(first.getPublicKey(), second.getPublicKey());
    }

    @Test
    void a_nul_is_refused_and_breaks_nothing() {
        TestCity.as(TestTokens.user("officer.cityhall"))
                .body("{\"name\":{\"ko\":\"가\",\"en\":\"a\\u0000b\"}}")
                .put("/identity/agencies/nul")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
        given().contentType("application/x-www-form-urlencoded")
                .body("grant_type=" + TestWallet.GRANT + "&pre-authorized_code=%00&tx_code=1")
                .post("/identity/token")
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_request"));
        queryRefused("{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\""
                + TestWallet.ISSUER + "/vct/\\u0000\"]}}]}");
    }

    @Test
    void a_query_that_could_not_be_read_back_is_not_asked() {
        queryRefused("{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"a\"]}}],"
                + "\"x\":" + "[".repeat(40) + "]".repeat(40) + "}");
    }

    private static void queryRefused(String query) {
        TestCity.agency("transport")
                .body("{\"dcql_query\":" + query + "}")
                .post("/identity/presentations")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:madang:problem:invalid-dcql-query"));
    }

    @Test
    void claims_that_look_like_digests_or_cannot_be_signed_are_not_offered() {
        Object deep = "x";
        for (int i = 0; i < 30; i++) {
            deep = List.of(deep);
        }
        for (Object value : List.of(
                deep,
                Map.of("_sd", List.of("x")),
                Map.of("a", List.of(Map.of("...", "x"))),
                Map.of("_sd_alg", "sha-512"))) {
            TestCity.agency("city-hall")
                    .body(Map.of(
                            "credential_configuration_id", "residency",
                            "holder", TestTokens.subject("minji"),
                            "claims", Map.of("district", value)))
                    .post("/identity/credential-offers")
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("urn:madang:problem:claims-do-not-match"));
        }
    }

    @Test
    void secrets_are_kept_by_no_cache() {
        Map<String, Object> offer = TestWallet.residencyOffer();
        TestCity.citizen("minji")
                .get("/identity/credential-offers/" + offer.get("id"))
                .then()
                .header("Cache-Control", containsString("no-store"));
        TestCity.citizen("minji")
                .get("/identity/credential-offers")
                .then()
                .header("Cache-Control", containsString("no-store"));
        given().get(TestWallet.path((String) offer.get("credential_offer_uri")))
                .then()
                .header("Cache-Control", containsString("no-store"));
    }

    @Test
    void a_parameter_without_a_value_is_absent_and_costs_no_guess() {
        Map<String, Object> offer = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(offer));
        for (int i = 0; i < 6; i++) {
            TestWallet.token(code, "").then().statusCode(400).body("error", equalTo("invalid_request"));
        }
        for (String details :
                List.of("{}", "[{\"type\":\"openid_credential\",\"credential_configuration_id\":\"b\"}]")) {
            given().formParam("grant_type", TestWallet.GRANT)
                    .formParam("pre-authorized_code", code)
                    .formParam("tx_code", offer.get("tx_code"))
                    .formParam("authorization_details", details)
                    .post("/identity/token")
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_authorization_details"));
        }
        // unknown parameters are ignored (RFC 6749 §3.2)
        given().formParam("grant_type", TestWallet.GRANT)
                .formParam("pre-authorized_code", code)
                .formParam("tx_code", offer.get("tx_code"))
                .formParam("unheard_of", "1")
                .post("/identity/token")
                .then()
                .statusCode(200);
    }

    @Test
    void a_proof_s_header_names_one_public_key_and_no_extension() throws Exception {
        Map<String, Object> offer = TestWallet.residencyOffer();
        String token = TestWallet.token(TestWallet.code(TestWallet.fetchOffer(offer)), (String) offer.get("tx_code"))
                .path("access_token");
        TestWallet wallet = new TestWallet();
        String good = wallet.proof(TestWallet.nonce());
        String payload = good.split("\\.")[1];
        Map<String, Object> key = wallet.key.toPublicJWK().toJSONObject();
        for (Map<String, Object> extra : List.<Map<String, Object>>of(
                Map.of("jwk", wallet.key.toJSONObject()),
                Map.of("jwk", key, "kid", "a"),
                Map.of("jwk", key, "x5c", List.of("a")),
                Map.of("jwk", key, "crit", List.of("exp"), "exp", 1),
                Map.of("jwk", key, "b64", false),
                Map.of("kid", "did:key:abc"))) {
            Map<String, Object> header = new HashMap<>(extra);
            header.put("alg", "ES256");
            header.put("typ", "openid4vci-proof+jwt");
            Base64URL encoded = Base64URL.encode(JSONObjectUtils.toJSONString(header));
            String signature = new com.nimbusds.jose.crypto.ECDSASigner(wallet.key)
                    .sign(
                            new JWSHeader.Builder(JWSAlgorithm.ES256)
                                    .type(JOSEObjectType.JWT)
                                    .build(),
                            (encoded + "." + payload).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                    .toString();
            TestWallet.credential(token, "residency", encoded + "." + payload + "." + signature)
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_proof"));
        }
        // what this version of the standard does not know is ignored (OpenID4VCI 1.0 §8.2)
        given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body(Map.of(
                        "credential_configuration_id", "residency",
                        "proof", Map.of("proof_type", "jwt"),
                        "proofs", Map.of("jwt", List.of(good))))
                .post("/identity/credential")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store");
    }

    @Test
    void an_encrypted_answer_of_another_kind_is_refused() throws Exception {
        TestWallet wallet = new TestWallet();
        String credential = wallet.receive(TestWallet.residencyOffer());
        TestVerification asked = TestVerification.asked("transport", TestVerification.STREET_AND_DISTRICT);
        String good = TestVerification.encrypted(
                Map.of(
                        "vp_token",
                        Map.of(
                                "residency",
                                List.of(wallet.present(
                                        credential,
                                        Set.of("street_address", "district"),
                                        asked.clientId(),
                                        asked.nonce()))),
                        "state",
                        asked.request().get("state")),
                asked.encryptionKey(),
                com.nimbusds.jose.EncryptionMethod.A256GCM);
        String rest = good.substring(good.indexOf('.'));
        Map<String, Object> header =
                JSONObjectUtils.parse(new Base64URL(good.substring(0, good.indexOf('.'))).decodeToString());
        @SuppressWarnings("unchecked")
        Map<String, Object> epk = (Map<String, Object>) header.get("epk");
        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of("zip", "DEF"),
                Map.of("alg", "dir"),
                Map.of("alg", "ECDH-ES+A128KW"),
                Map.of("enc", "A128CBC-HS256"),
                Map.of("crit", List.of("exp"), "exp", 1),
                Map.of("kid", "another"),
                Map.of("epk", Map.of("kty", "EC", "crv", "P-256", "x", epk.get("x"), "y", epk.get("x"))),
                Map.of("epk", Map.of("kty", "OKP", "crv", "X25519", "x", epk.get("x"))),
                Map.of("epk", Map.of("kty", "oct", "k", epk.get("x"))),
                Map.of(
                        "epk",
                        new com.nimbusds.jose.jwk.gen.ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_384)
                                .generate()
                                .toPublicJWK()
                                .toJSONObject()),
                Map.of("epk", "x"))) {
            Map<String, Object> changed = new HashMap<>(header);
            changed.putAll(change);
            Response response = asked.send(Base64URL.encode(JSONObjectUtils.toJSONString(changed)) + rest);
            assertEquals(400, response.statusCode(), change + " " + response.asString());
            response.then().body("error", equalTo("invalid_request"));
        }
        asked.send("x".repeat(700_000)).then().statusCode(400).body("error", equalTo("invalid_request"));
        asked.send(good).then().statusCode(200);
    }

    @Test
    void well_known_addresses_answer_for_exactly_the_issuer_s_path() {
        for (String name : List.of("openid-credential-issuer", "oauth-authorization-server", "jwt-vc-issuer")) {
            given().get("/.well-known/" + name + "/identity").then().statusCode(200);
            for (String other : List.of(
                    "/.well-known/" + name,
                    "/.well-known/" + name + "/other",
                    "/.well-known/" + name + "/identity/more",
                    "/identity/.well-known/" + name + "/more")) {
                given().get(other).then().statusCode(404);
            }
        }
        // drafts of OpenID4VCI had the issuer's there, and those of the others nowhere
        given().get("/identity/.well-known/openid-credential-issuer").then().statusCode(200);
        given().get("/identity/.well-known/oauth-authorization-server").then().statusCode(404);
        given().get("/identity/.well-known/jwt-vc-issuer").then().statusCode(404);
        given().get("/identity/vct/residency")
                .then()
                .body("name", equalTo("Proof of residence"))
                .body("display.locale", equalTo(List.of("ko", "en")))
                .body("claims[0].path", equalTo(List.of("family_name")))
                .body("claims[0].sd", equalTo("always"))
                .body("claims[0].display[1].label", equalTo("Family name"));
        given().get("/identity/vct/nothing").then().statusCode(404);
    }
}
