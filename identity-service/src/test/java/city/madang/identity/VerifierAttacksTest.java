package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.StrictJson;
import city.madang.kit.keys.Keyring;
import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attacks on the verifier from outside, through its own addresses. */
@QuarkusTest
class VerifierAttacksTest {

    private static final long SOON_MILLIS = 5000;

    @Inject
    Keyring keyring;

    private TestWallet wallet;
    private TestIssuance issuance;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
        wallet = new TestWallet();
        issuance = new TestIssuance(keyring, wallet);
    }

    private static TestVerification asked() {
        return TestVerification.asked("transport", TestVerification.STREET_AND_DISTRICT);
    }

    private String shown(TestVerification asked, String credential) {
        return wallet.present(credential, Set.of("street_address", "district"), asked.clientId(), asked.nonce());
    }

    private static Map<String, Object> answer(TestVerification asked, String presentation) {
        return Map.of(
                "vp_token",
                Map.of("residency", List.of(presentation)),
                "state",
                asked.request().get("state"));
    }

    private static void refusedSoon(TestVerification asked, String jwe) {
        long start = System.nanoTime();
        asked.send(jwe).then().statusCode(400).body("error", equalTo("invalid_request"));
        assertTrue((System.nanoTime() - start) / 1_000_000 < SOON_MILLIS);
    }

    private static String header(Map<String, Object> members) {
        return Base64Url.encode(StrictJson.write(members).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_answer_is_encrypted_in_no_way_but_the_one_that_was_asked_for() throws Exception {
        TestVerification asked = asked();
        ECKey key = asked.encryptionKey();
        String good = shown(asked, issuance.residency(Map.of(), Map.of()));
        Payload payload = new Payload(answer(asked, good));
        Map<String, Object> epk = TestWallet.newKey().toPublicJWK().toJSONObject();

        // other algorithms, some of which cost the receiver whatever the sender likes
        for (String alg : List.of(
                "RSA-OAEP",
                "RSA-OAEP-256",
                "RSA1_5",
                "dir",
                "A128KW",
                "ECDH-ES+A128KW",
                "PBES2-HS256+A128KW",
                "none")) {
            Map<String, Object> head = new LinkedHashMap<>(Map.of("alg", alg, "enc", "A128GCM", "epk", epk));
            head.put("kid", key.getKeyID());
            head.put("p2c", Integer.MAX_VALUE);
            head.put("p2s", "AAAAAAAAAAAAAAAAAAAAAA");
            refusedSoon(asked, header(head) + ".AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
        }
        for (String enc : List.of("A128CBC-HS256", "A192GCM", "XC20P", "none")) {
            refusedSoon(
                    asked,
                    header(Map.of("alg", "ECDH-ES", "enc", enc, "epk", epk, "kid", key.getKeyID()))
                            + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
        }
        JWEObject direct = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A128GCM)
                        .keyID(key.getKeyID())
                        .build(),
                payload);
        direct.encrypt(new DirectEncrypter(new byte[16]));
        refusedSoon(asked, direct.serialize());
        JWEObject wrapped = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A128KW, EncryptionMethod.A128GCM)
                        .keyID(key.getKeyID())
                        .build(),
                payload);
        wrapped.encrypt(new ECDHEncrypter(key));
        refusedSoon(asked, wrapped.serialize());

        // to another key, or under another key's name
        refusedSoon(
                asked, TestVerification.encrypted(answer(asked, good), TestWallet.newKey(), EncryptionMethod.A128GCM));
        refusedSoon(
                asked,
                TestVerification.encrypted(
                        answer(asked, good),
                        new ECKey.Builder(key).keyID("another").build(),
                        EncryptionMethod.A128GCM));

        // points that are not on the curve, of another curve, or none
        for (Map<String, Object> point : List.<Map<String, Object>>of(
                Map.of(
                        "kty",
                        "EC",
                        "crv",
                        "P-256",
                        "x",
                        Base64Url.encode(new byte[32]),
                        "y",
                        Base64Url.encode(new byte[32])),
                Map.of(
                        "kty",
                        "EC",
                        "crv",
                        "P-256",
                        "x",
                        key.getX().toString(),
                        "y",
                        key.getX().toString()),
                Map.of(
                        "kty",
                        "EC",
                        "crv",
                        "P-384",
                        "x",
                        key.getX().toString(),
                        "y",
                        key.getY().toString()),
                Map.of(
                        "kty",
                        "EC",
                        "crv",
                        "secp256k1",
                        "x",
                        key.getX().toString(),
                        "y",
                        key.getY().toString()),
                Map.of("kty", "OKP", "crv", "X25519", "x", key.getX().toString()),
                Map.of("kty", "EC"))) {
            refusedSoon(
                    asked,
                    header(Map.of("alg", "ECDH-ES", "enc", "A128GCM", "epk", point, "kid", key.getKeyID()))
                            + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
        }
        for (String no : List.of("", "x", ".", "....", "a.b.c", "e30.e30.e30.e30.e30", "{}", "\u0000")) {
            refusedSoon(asked, no);
        }
        asked.answer(good).then().statusCode(200);
    }

    @Test
    void a_compressed_answer_is_not_unpacked() throws Exception {
        TestVerification asked = asked();
        String bomb = "x".repeat(50_000_000);
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM)
                        .keyID(asked.encryptionKey().getKeyID())
                        .compressionAlgorithm(CompressionAlgorithm.DEF)
                        .build(),
                new Payload(StrictJson.write(Map.of("state", bomb))));
        jwe.encrypt(new ECDHEncrypter(asked.encryptionKey()));
        refusedSoon(asked, jwe.serialize());
    }

    @Test
    void an_answer_that_never_ends_or_is_nested_without_end_is_refused() {
        TestVerification asked = asked();
        String nested = "[".repeat(100_000) + "]".repeat(100_000);
        for (String content : List.of(
                "{\"vp_token\":{\"residency\":" + nested + "}}",
                "{\"vp_token\":{},\"vp_token\":{}}",
                "{\"state\":\"" + "x".repeat(600_000) + "\"}",
                "null",
                "[]",
                "{}trailing")) {
            try {
                JWEObject jwe = new JWEObject(
                        new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM)
                                .keyID(asked.encryptionKey().getKeyID())
                                .build(),
                        new Payload(content));
                jwe.encrypt(new ECDHEncrypter(asked.encryptionKey()));
                refusedSoon(asked, jwe.serialize());
            } catch (com.nimbusds.jose.JOSEException broken) {
                throw new AssertionError(broken);
            }
        }
    }

    @Test
    void a_presentation_is_good_for_one_request_of_one_agency() {
        TestVerification one = asked();
        String shown = shown(one, issuance.residency(Map.of(), Map.of()));
        TestVerification another = asked();
        TestVerification ofAnother = TestVerification.asked("city-hall", TestVerification.STREET_AND_DISTRICT);
        for (TestVerification elsewhere : List.of(another, ofAnother)) {
            elsewhere.answer(shown).then().statusCode(400);
            elsewhere.result("transport").then().statusCode(oneOf(404, 409));
        }
        one.answer(shown).then().statusCode(200);
        one.answer(shown).then().statusCode(400);
    }

    @Test
    void nobody_connects_to_where_a_credential_says() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket inside = new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"))) {
            Thread.ofVirtual().start(() -> {
                while (!inside.isClosed()) {
                    try (var connection = inside.accept()) {
                        connections.incrementAndGet();
                    } catch (java.io.IOException closed) {
                        return;
                    }
                }
            });
            String port = ":" + inside.getLocalPort() + "/x";
            List<String> hosts = List.of(
                    "localhost",
                    "LOCALHOST",
                    "localhost.",
                    "127.0.0.1",
                    "127.1",
                    "2130706433",
                    "0x7f000001",
                    "0177.0.0.1",
                    "0.0.0.0",
                    "[::1]",
                    "[::]",
                    "[::ffff:127.0.0.1]",
                    "[0:0:0:0:0:ffff:7f00:1]",
                    "[64:ff9b::7f00:1]",
                    "127.0.0.1.",
                    "user@localhost",
                    "localhost#@example.com",
                    InetAddress.getLocalHost().getHostName());
            List<String> uris = new ArrayList<>();
            hosts.forEach(host -> uris.add("https://" + host + port));
            uris.addAll(List.of(
                    "http://localhost" + port,
                    "file:///etc/passwd",
                    "ftp://localhost" + port,
                    "gopher://localhost" + port,
                    "jar:https://localhost" + port + "!/",
                    "//localhost" + port,
                    "",
                    "https://",
                    "x".repeat(5000)));
            TestVerification asked = asked();
            for (String uri : uris) {
                String credential = issuance.residency(
                        Map.of(), Map.of("status", Map.of("status_list", Map.of("idx", 0, "uri", uri))));
                asked.answer(shown(asked, credential))
                        .then()
                        .statusCode(400)
                        .body("error_description", equalTo("a credential cannot be accepted"));
            }
            TestCity.agency("transport")
                    .get("/identity/presentations/" + asked.id())
                    .then()
                    .body("failure.step", equalTo("status"))
                    .body("failure.reason", equalTo("the status of the credential is not available"));
            // what else could name a place to look
            String there = "https://localhost" + port;
            for (Map<String, Object> header : List.<Map<String, Object>>of(
                    Map.of("x5u", there),
                    Map.of("jku", there),
                    Map.of("kid", "did:web:localhost%3A" + inside.getLocalPort()))) {
                Map<String, Object> without = new LinkedHashMap<>(header);
                without.put("x5c", List.of());
                asked.answer(shown(asked, issuance.residency(without, Map.of())))
                        .then()
                        .statusCode(400);
            }
            for (Map<String, Object> claims : List.<Map<String, Object>>of(
                    Map.of("vct", there),
                    Map.of("cnf", Map.of("jku", there)),
                    Map.of("cnf", Map.of("kid", "did:web:localhost%3A" + inside.getLocalPort())))) {
                asked.answer(shown(asked, issuance.residency(Map.of(), claims)))
                        .then()
                        .statusCode(400);
            }
            TestVerification returning = TestVerification.asked("transport", TestVerification.STREET_AND_DISTRICT);
            returning
                    .answer(shown(returning, issuance.residency(Map.of("x5u", there), Map.of("iss", there))))
                    .then()
                    .statusCode(200);
            Map<String, Object> created = TestCity.agency("transport")
                    .body(Map.of("dcql_query", TestVerification.STREET_AND_DISTRICT, "redirect_uri", there))
                    .post("/identity/presentations")
                    .then()
                    .statusCode(201)
                    .extract()
                    .as(new io.restassured.common.mapper.TypeRef<>() {});
            given().get("/identity/present/" + created.get("id")).then().statusCode(200);
            Thread.sleep(200);
            assertEquals(0, connections.get());
        }
    }

    @Test
    void an_index_beyond_the_list_or_a_list_of_another_agency_is_not_accepted() {
        TestVerification asked = asked();
        String list = TestWallet.ISSUER + "/status-lists/" + UUID.randomUUID();
        for (Object index : List.of(0, -1, 1 << 30, Long.MAX_VALUE, "0", 1.5, true)) {
            asked.answer(shown(
                            asked,
                            issuance.residency(
                                    Map.of(),
                                    Map.of("status", Map.of("status_list", Map.of("idx", index, "uri", list))))))
                    .then()
                    .statusCode(400)
                    .body("error_description", equalTo("a credential cannot be accepted"));
        }
        for (Object status : List.of("valid", List.of(), Map.of(), Map.of("revoked", false))) {
            asked.answer(shown(asked, issuance.residency(Map.of(), Map.of("status", status))))
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void whether_a_request_exists_is_told_to_nobody_else() {
        TestVerification asked = asked();
        asked.answer(shown(asked, issuance.residency(Map.of(), Map.of())))
                .then()
                .statusCode(200);
        String real = "/identity/presentations/" + asked.id();
        String unknown = "/identity/presentations/" + UUID.randomUUID();
        for (String path : List.of("", "/result", "/result?response_code=x")) {
            Response ofReal = TestCity.agency("city-hall").get(real + path);
            Response ofUnknown = TestCity.agency("city-hall").get(unknown + path);
            assertEquals(404, ofReal.statusCode());
            assertEquals(ofUnknown.statusCode(), ofReal.statusCode());
            assertEquals(
                    ofUnknown.jsonPath().<Object>get("detail"),
                    ofReal.jsonPath().<Object>get("detail"));
        }
        assertEquals(
                TestCity.citizen("junho").get(unknown).statusCode(),
                TestCity.citizen("junho").get(real).statusCode());
        for (String id : List.of("1", "..", "%2e%2e", "0", asked.id() + "x", "00000000-0000-0000-0000-000000000000")) {
            TestCity.agency("transport")
                    .urlEncodingEnabled(false)
                    .get("/identity/presentations/" + id)
                    .then()
                    .statusCode(404);
        }
        assertEquals(4, UUID.fromString(asked.id()).version(), "random");
        asked.result("transport").then().statusCode(200);
    }

    @Test
    void a_failed_answer_leaves_the_request_open_and_the_reason_without_the_person() {
        TestVerification asked = asked();
        asked.answer(wallet.present(
                        issuance.residency(Map.of(), Map.of()), Set.of("district"), asked.clientId(), asked.nonce()))
                .then()
                .statusCode(400)
                .body("error_description", containsString("missing"));
        String told = TestCity.agency("transport")
                .get("/identity/presentations/" + asked.id())
                .asString();
        assertTrue(told.contains("\"query\""), told);
        assertFalse(told.contains("중구"), told);
        asked.result("transport").then().statusCode(409);
        asked.answer(shown(asked, issuance.residency(Map.of(), Map.of())))
                .then()
                .statusCode(200);
    }
}
