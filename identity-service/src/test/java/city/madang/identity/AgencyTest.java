package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Onboarding of agencies: their keys, certificates, DID documents and clients. */
@QuarkusTest
class AgencyTest {

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    @Test
    void an_agency_signs_in_with_its_own_key_and_is_nothing_but_an_agency() {
        TestAgency agency = TestAgency.onboarded();
        JsonNode token = TestTokens.claims(agency.signIn());
        assertEquals("madang-api", token.path("aud").asText());
        assertEquals(agency.id, token.path("agency").asText());
        assertEquals("[\"agency\"]", token.at("/realm_access/roles").toString());
        assertFalse(token.has("resource_access"));
        agency.offer(agency.type());
        agency.acts()
                .body(Map.of("name", Map.of("ko", "가", "en", "a")))
                .put("/identity/agencies/forged")
                .then()
                .statusCode(403);
        TestAgency.registrar()
                .get(agency.path("/client"))
                .then()
                .statusCode(200)
                .body("state", equalTo("active"))
                .body("client_id", equalTo("agency-" + agency.id))
                .body("audience", equalTo(TestAgency.PROVIDER));
    }

    @Test
    void a_client_has_the_keys_that_were_set_last_and_no_others() {
        TestAgency agency = TestAgency.onboarded();
        ECKey before = agency.clientKey;
        agency.client(before).then().statusCode(200);
        agency.tokenResponse(before).then().statusCode(200);
        ECKey next = TestAgency.newKey();
        agency.client(next).then().statusCode(200);
        agency.tokenResponse(next).then().statusCode(200);
        assertNotEquals(200, agency.tokenResponse(before).statusCode());
        assertNotEquals(200, agency.tokenResponse(TestAgency.newKey()).statusCode());
    }

    @Test
    void the_registry_never_takes_a_client_that_it_has_not_made() {
        TestAgency agency = TestAgency.entered();
        String realm = ConfigProvider.getConfig().getValue("madang.keycloak.url", String.class);
        String admin = given().auth()
                .preemptive()
                .basic(
                        "madang-registry",
                        ConfigProvider.getConfig().getValue("madang.registry.client-secret", String.class))
                .formParam("grant_type", "client_credentials")
                .post(realm + "/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        TestCity.as(admin)
                .body(Map.of("clientId", "agency-" + agency.id, "enabled", true))
                .post(realm.replace("/auth/realms/", "/auth/admin/realms/") + "/clients")
                .then()
                .statusCode(201);
        agency.client(agency.clientKey)
                .then()
                .statusCode(202)
                .body("state", equalTo("pending"))
                .body("problem", containsString("not made"));
    }

    @Test
    void keys_of_clients_are_public_p256_keys_and_are_fetched_from_public_addresses_only() throws Exception {
        TestAgency agency = TestAgency.entered();
        ECKey p384 = new com.nimbusds.jose.jwk.gen.ECKeyGenerator(Curve.P_384).generate();
        for (Map<String, Object> jwks : List.<Map<String, Object>>of(
                Map.of("keys", List.of()),
                Map.of("keys", List.of(agency.clientKey.toJSONObject())),
                Map.of("keys", List.of(p384.toPublicJWK().toJSONObject())),
                Map.of("keys", List.of(Map.of("kty", "oct", "k", "AAAA"))),
                Map.of(
                        "keys",
                        List.of(
                                agency.clientKey.toPublicJWK().toJSONObject(),
                                agency.clientKey.toPublicJWK().toJSONObject())))) {
            TestAgency.registrar()
                    .body(Map.of("jwks", jwks))
                    .put(agency.path("/client"))
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("urn:madang:problem:invalid-client-keys"));
        }
        for (String uri : List.of(
                "http://agency.example/jwks.json",
                "https://127.0.0.1/jwks.json",
                "https://127.1/jwks.json",
                "https://[::1]/jwks.json",
                "https://169.254.169.254/latest/meta-data",
                "https://localhost:8443/identity/jwks",
                "https://agency.example:22/jwks.json",
                "https://user@agency.example/jwks.json",
                "file:///etc/passwd",
                "not a uri")) {
            Response answer =
                    TestAgency.registrar().body(Map.of("jwks_uri", uri)).put(agency.path("/client"));
            assertEquals(400, answer.statusCode(), uri + " " + answer.asString());
            answer.then().body("type", equalTo("urn:madang:problem:invalid-client-keys"));
        }
        TestAgency.registrar().get(agency.path("/client")).then().statusCode(404);
    }

    @Test
    void an_own_key_is_certified_for_the_agency_and_not_for_the_citys_host() throws Exception {
        TestAgency agency = TestAgency.entered();
        KeyPair pair = TestAgency.pair("secp256r1");
        Response certified = agency.certify("verifier", TestAgency.csr(pair, pair));
        certified.then().statusCode(200).body("key_holder", equalTo("other")).body("x5c", hasSize(2));
        X509Certificate leaf = X509CertUtils.parse(Base64.getDecoder().decode((String) certified.path("x5c[0]")));
        assertEquals(pair.getPublic(), leaf.getPublicKey());
        String did = "did:web:localhost%3A8443:identity:agencies:" + agency.id;
        assertEquals(
                List.of(List.of(6, did)),
                leaf.getSubjectAlternativeNames().stream()
                        .<List<?>>map(name -> name)
                        .toList());
        assertEquals(
                (String) certified.path("sha256"),
                agency.certify("verifier", TestAgency.csr(pair, pair)).path("sha256"));
        given().get(agency.path("/did.json"))
                .then()
                .statusCode(200)
                .body("verificationMethod.publicKeyJwk.kid", hasItem((String) certified.path("kid")));
        // this service goes on signing with the key that it holds
        assertNotEquals((String) certified.path("kid"), agency.kid("verifier"));
    }

    @Test
    void a_signing_request_must_be_signed_by_its_key_on_p256() throws Exception {
        TestAgency agency = TestAgency.entered();
        KeyPair pair = TestAgency.pair("secp256r1");
        KeyPair p384 = TestAgency.pair("secp384r1");
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair rsaPair = rsa.generateKeyPair();
        byte[] rsaRequest = new org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder(
                        new org.bouncycastle.asn1.x500.X500Name("CN=a"), rsaPair.getPublic())
                .build(new org.bouncycastle.operator.jcajce.JcaContentSignerBuilder("SHA256withRSA")
                        .build(rsaPair.getPrivate()))
                .getEncoded();
        for (String csr : List.of(
                TestAgency.csr(pair, TestAgency.pair("secp256r1")),
                TestAgency.csr(p384, p384),
                Base64.getEncoder().encodeToString(rsaRequest),
                "MA==",
                "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
                "x")) {
            agency.certify("credential-issuer", csr)
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("urn:madang:problem:invalid-signing-request"));
        }
        agency.certify("record-seal", TestAgency.csr(pair, pair)).then().statusCode(400);
        agency.certify("trust-list", TestAgency.csr(pair, pair)).then().statusCode(400);
    }

    @Test
    void a_key_is_one_agencys_for_one_purpose_whoever_comes_first() throws Exception {
        List<TestAgency> agencies = List.of(TestAgency.entered(), TestAgency.entered(), TestAgency.entered());
        KeyPair pair = TestAgency.pair("secp256r1");
        String csr = TestAgency.csr(pair, pair);
        List<Integer> answers = atOnce(agencies.stream()
                .<Callable<Integer>>map(
                        agency -> () -> agency.certify("credential-issuer", csr).statusCode())
                .toList());
        assertEquals(List.of(200, 409, 409), answers.stream().sorted().toList());
        TestAgency first = agencies.get(answers.indexOf(200));
        first.certify("verifier", csr).then().statusCode(409).body("type", equalTo("urn:madang:problem:key-taken"));
        first.certify("credential-issuer", csr).then().statusCode(200);
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(calls.size())) {
            List<T> answers = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(calls)) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    @Test
    void after_a_rotation_new_things_are_signed_by_the_new_key_and_old_ones_stay_good() throws Exception {
        TestAgency agency = TestAgency.onboarded();
        String type = agency.type();
        TestWallet wallet = new TestWallet();
        String old = wallet.receive(TestAgency.seen(agency.offer(type)));
        TestVerification openBefore = agency.asks(TestAgency.gate(type));
        Map<String, Object> offeredBefore = TestAgency.seen(agency.offer(type));
        String issuer = agency.kid("credential-issuer");
        String verifier = agency.kid("verifier");

        agency.rotate("credential-issuer", issuer).then().statusCode(200);
        agency.rotate("verifier", verifier).then().statusCode(200);

        assertNotEquals(issuer, agency.kid("credential-issuer"));
        assertNotEquals(verifier, agency.kid("verifier"));
        String fresh = new TestWallet(wallet.key).receive(offeredBefore);
        assertEquals(agency.kid("credential-issuer"), signer(fresh));
        assertEquals(issuer, signer(old));
        // a request that is fetched after the rotation is still signed by the key of its client id
        TestVerification again = TestVerification.fetched(openBefore.id(), openBefore.link());
        X509Certificate its = X509CertUtils.parse(
                again.object().getHeader().getX509CertChain().getFirst().decode());
        assertTrue(again.object().verify(new ECDSAVerifier((ECPublicKey) its.getPublicKey())));
        assertEquals(openBefore.clientId(), again.clientId());
        TestVerification openAfter = agency.asks(TestAgency.gate(type));
        assertNotEquals(openBefore.clientId(), openAfter.clientId());
        for (TestVerification open : List.of(openBefore, openAfter)) {
            open.answer(wallet.present(old, Set.of("gate"), open.clientId(), open.nonce()))
                    .then()
                    .statusCode(200);
        }
        TestVerification another = agency.asks(TestAgency.gate(type));
        another.answer(wallet.present(fresh, Set.of("gate"), another.clientId(), another.nonce()))
                .then()
                .statusCode(200);
        given().get(agency.path("/did.json"))
                .then()
                .body("verificationMethod", hasSize(4))
                .body("authentication", hasSize(2));
        given().get("/identity/jwks")
                .then()
                .body("keys.kid", hasItem(issuer))
                .body("keys.kid", hasItem(agency.kid("credential-issuer")));
        TestAgency.registrar()
                .get(agency.path("/standing/changes"))
                .then()
                .statusCode(200)
                .body("items[0].change", equalTo("key_rotated"))
                .body("items[0].actor", equalTo(TestTokens.subject("officer.cityhall")))
                .body("items[0].by", equalTo("registrar"));
    }

    private static String signer(String sdJwt) throws Exception {
        X509Certificate leaf = X509CertUtils.parse(SignedJWT.parse(sdJwt.substring(0, sdJwt.indexOf('~')))
                .getHeader()
                .getX509CertChain()
                .getFirst()
                .decode());
        return new ECKey.Builder(Curve.P_256, (ECPublicKey) leaf.getPublicKey())
                .build()
                .computeThumbprint()
                .toString();
    }

    @Test
    void a_key_that_leaked_is_revoked_with_all_that_it_signed() {
        TestAgency agency = TestAgency.onboarded();
        String type = agency.type();
        TestWallet wallet = new TestWallet();
        String old = wallet.receive(TestAgency.seen(agency.offer(type)));
        String leaf =
                given().get(agency.path("")).path("certificates.find { it.purpose == 'credential-issuer' }.sha256");
        agency.rotate("credential-issuer", agency.kid("credential-issuer"))
                .then()
                .statusCode(200);
        TestAgency.registrar()
                .body(Map.of("reason", "key_compromised"))
                .post(agency.path("/certificates/" + leaf + "/revocation"))
                .then()
                .statusCode(200);
        TestVerification open = agency.asks(TestAgency.gate(type));
        open.answer(wallet.present(old, Set.of("gate"), open.clientId(), open.nonce()))
                .then()
                .statusCode(400)
                .body("error_description", containsString("may not issue"));
        String fresh = wallet.receive(TestAgency.seen(agency.offer(type)));
        open.answer(wallet.present(fresh, Set.of("gate"), open.clientId(), open.nonce()))
                .then()
                .statusCode(200);
    }

    @Test
    void simultaneous_rotations_rotate_once_and_issuance_goes_on_meanwhile() throws Exception {
        TestAgency agency = TestAgency.onboarded();
        String type = agency.type();
        String kid = agency.kid("credential-issuer");
        List<Map<String, Object>> offers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            offers.add(TestAgency.seen(agency.offer(type)));
        }
        List<Callable<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(() -> agency.rotate("credential-issuer", kid).statusCode());
        }
        List<TestWallet> wallets = new ArrayList<>();
        offers.forEach(offer -> {
            TestWallet wallet = new TestWallet();
            wallets.add(wallet);
            calls.add(() -> wallet.receive(offer));
        });
        List<Object> answers = atOnce(calls);
        assertEquals(
                List.of(200, 409, 409),
                answers.subList(0, 3).stream().map(Integer.class::cast).sorted().toList());
        for (int i = 0; i < wallets.size(); i++) {
            TestVerification open = agency.asks(TestAgency.gate(type));
            open.answer(wallets.get(i)
                            .present((String) answers.get(3 + i), Set.of("gate"), open.clientId(), open.nonce()))
                    .then()
                    .statusCode(200);
        }
    }

    @Test
    void officers_rotate_keys_of_their_own_agency_only() {
        String body = "{\"purpose\": \"verifier\", \"replaces\": \"%s\"}";
        String kid =
                given().get("/identity/agencies/transport").path("certificates.find { it.purpose == 'verifier' }.kid");
        TestCity.as(TestTokens.user("officer.transport"))
                .body(body.formatted(kid))
                .post("/identity/agencies/city-hall/keys")
                .then()
                .statusCode(403);
        TestCity.as(TestTokens.user("officer.transport"))
                .get("/identity/agencies/city-hall/standing/changes")
                .then()
                .statusCode(403);
        TestCity.agency("transport")
                .body(body.formatted(kid))
                .post("/identity/agencies/transport/keys")
                .then()
                .statusCode(403);
        TestCity.as(TestTokens.user("officer.transport"))
                .body(body.formatted(kid))
                .post("/identity/agencies/transport/keys")
                .then()
                .statusCode(200);
    }

    @Test
    void a_did_document_names_each_key_by_its_thumbprint_and_can_be_cached() throws Exception {
        Response document = given().get("/identity/agencies/city-hall/did.json");
        document.then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "public, max-age=5")
                .body("id", equalTo("did:web:localhost%3A8443:identity:agencies:city-hall"));
        List<Map<String, Object>> methods = document.path("verificationMethod");
        for (Map<String, Object> method : methods) {
            @SuppressWarnings("unchecked")
            ECKey key = ECKey.parse((Map<String, Object>) method.get("publicKeyJwk"));
            assertFalse(key.isPrivate());
            assertEquals(document.path("id") + "#" + key.computeThumbprint(), method.get("id"));
        }
        given().accept("application/did+json")
                .get("/identity/agencies/city-hall/did.json")
                .then()
                .statusCode(200)
                .contentType("application/did+json");
        given().header("If-None-Match", document.header("ETag"))
                .get("/identity/agencies/city-hall/did.json")
                .then()
                .statusCode(304);
        given().get("/identity/agencies/nobody-here/did.json").then().statusCode(404);
        assertTrue(document.<List<Object>>path("assertionMethod").size() >= 2);
    }
}
