package city.madang.identity;

import static city.madang.identity.WalletSession.encrypted;
import static city.madang.identity.WalletSession.refused;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credential Requests and Responses that only their readers can read (OpenID4VCI 1.0 clause 10). */
@QuarkusTest
class EncryptedIssuanceTest {

    private static final String CREDENTIAL = "/identity/credential";

    private final ECKey reader = new ECKey.Builder(TestWallet.newKey())
            .keyID("wallet-1")
            .keyUse(KeyUse.ENCRYPTION)
            .algorithm(JWEAlgorithm.ECDH_ES)
            .build();
    private WalletSession session;

    @BeforeEach
    void redeemed() {
        TestCity.register("city-hall");
        session = WalletSession.redeem(TestWallet.residencyOffer());
    }

    private Map<String, Object> request(Object... changes) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("enc", "A256GCM");
        wanted.put("jwk", reader.toPublicJWK().toJSONObject());
        for (int i = 0; i < changes.length; i += 2) {
            wanted.put((String) changes[i], changes[i + 1]);
        }
        Map<String, Object> request =
                WalletSession.request("residency", "jwt", new TestWallet().proof(TestWallet.nonce()));
        request.put("credential_response_encryption", wanted);
        return request;
    }

    private Map<String, Object> read(Response response, int status) throws Exception {
        return read(response, status, null);
    }

    private Map<String, Object> read(Response response, int status, CompressionAlgorithm zip) throws Exception {
        response.then()
                .statusCode(status)
                .contentType(startsWith("application/jwt"))
                .header("Cache-Control", equalTo("no-store"));
        JWEObject jwe = JWEObject.parse(response.asString());
        assertEquals(JWEAlgorithm.ECDH_ES, jwe.getHeader().getAlgorithm());
        assertEquals("wallet-1", jwe.getHeader().getKeyID());
        assertEquals(zip, jwe.getHeader().getCompressionAlgorithm());
        jwe.decrypt(new ECDHDecrypter(reader));
        return JSONObjectUtils.parse(jwe.getPayload().toString());
    }

    @Test
    void both_ways_are_encrypted_with_either_method() throws Exception {
        for (EncryptionMethod method : List.of(EncryptionMethod.A128GCM, EncryptionMethod.A256GCM)) {
            WalletSession fresh = WalletSession.redeem(TestWallet.residencyOffer());
            Response response = fresh.encryptedPost(
                    CREDENTIAL,
                    encrypted(
                            JSONObjectUtils.toJSONString(request("enc", method.getName())),
                            method,
                            WalletSession.requestKey(),
                            h -> h.contentType("json")));
            assertEquals(
                    method, JWEObject.parse(response.asString()).getHeader().getEncryptionMethod());
            Map<String, Object> answer = read(response, 200);
            assertEquals(1, ((List<?>) answer.get("credentials")).size());
            assertTrue(answer.get("notification_id") instanceof String);
        }
    }

    @Test
    void an_answer_is_compressed_for_who_asks_for_it_and_the_same_keys_get_the_same_again() throws Exception {
        ECKey key = TestWallet.newKey();
        Map<String, Object> plain = request();
        Map<String, Object> compressed = request("zip", "DEF");
        for (Map<String, Object> each : List.of(plain, compressed)) {
            each.put("proofs", Map.of("jwt", List.of(new TestWallet(key).proof(TestWallet.nonce()))));
        }
        Map<String, Object> first = read(session.encryptedPost(CREDENTIAL, encrypted(plain, h -> {})), 200);
        session.post(
                        "/identity/notification",
                        Map.of("notification_id", first.get("notification_id"), "event", "credential_accepted"))
                .then()
                .statusCode(204);
        assertEquals(
                first,
                read(session.encryptedPost(CREDENTIAL, encrypted(compressed, h -> {})), 200, CompressionAlgorithm.DEF));
    }

    @Test
    void an_encrypted_request_may_have_a_plain_answer() {
        Map<String, Object> request =
                WalletSession.request("residency", "jwt", new TestWallet().proof(TestWallet.nonce()));
        session.encryptedPost(CREDENTIAL, encrypted(request, h -> {}))
                .then()
                .statusCode(200)
                .contentType(startsWith("application/json"));
    }

    @Test
    void whoever_wants_an_encrypted_answer_encrypts_the_request() {
        // otherwise a thief of the request could put in a key of his own
        refused(session.credential(request()), 400, "invalid_encryption_parameters");
    }

    @Test
    void parameters_that_are_not_supported_are_refused_in_the_clear() throws Exception {
        ECKey p384 = new ECKeyGenerator(Curve.P_384).generate();
        for (Map<String, Object> request : List.of(
                request("alg", "UNSUPPORTED_ALG"),
                request("enc", "A256CBC-HS512"),
                request("enc", "UNSUPPORTED"),
                request("enc", List.of("A256GCM")),
                request("zip", "GZIP"),
                request("zip", List.of("DEF")),
                request("jwk", "key"),
                request("jwk", reader.toPublicJWK().toJSONString()),
                request("jwk", Map.of()),
                request("jwk", with("alg", "RSA-OAEP-256")),
                request("jwk", with("alg", "ECDH-ES+A256KW")),
                request("jwk", with("alg", null)),
                request("jwk", with("use", "sig")),
                request("jwk", with("y", reader.getX().toString())),
                request("jwk", with("kid", 7)),
                request("jwk", p384.toPublicJWK().toJSONObject()),
                request("jwk", reader.toJSONObject()))) {
            Response response = session.encryptedPost(CREDENTIAL, encrypted(request, h -> {}));
            refused(response, 400, "invalid_encryption_parameters");
            response.then().contentType(startsWith("application/json"));
        }
        Map<String, Object> text = request();
        text.put("credential_response_encryption", "A256GCM");
        refused(session.encryptedPost(CREDENTIAL, encrypted(text, h -> {})), 400, "invalid_encryption_parameters");
    }

    private Map<String, Object> with(String member, Object value) {
        Map<String, Object> jwk = new LinkedHashMap<>(reader.toPublicJWK().toJSONObject());
        if (value == null) {
            jwk.remove(member);
        } else {
            jwk.put(member, value);
        }
        return jwk;
    }

    @Test
    void errors_are_never_encrypted() {
        Map<String, Object> request = request();
        request.put("credential_configuration_id", "no-such-type");
        Response response = session.encryptedPost(CREDENTIAL, encrypted(request, h -> {}));
        refused(response, 400, "unknown_credential_configuration");
        response.then().contentType(startsWith("application/json"));
    }

    @Test
    void a_small_message_never_becomes_a_large_one() {
        String bomb = "{\"credential_configuration_id\":\"residency\",\"padding\":\"" + " ".repeat(50_000_000) + "\"}";
        String jwe = encrypted(
                bomb,
                EncryptionMethod.A256GCM,
                WalletSession.requestKey(),
                h -> h.compressionAlgorithm(CompressionAlgorithm.DEF));
        assertTrue(jwe.length() < 200_000, "it is a bomb: " + jwe.length());
        long before = used();
        refused(session.encryptedPost(CREDENTIAL, jwe), 400, "invalid_encryption_parameters");
        assertTrue(used() - before < 40_000_000, "it was not blown up");
        // nor at the other endpoint
        refused(session.encryptedPost("/identity/deferred-credential", jwe), 400, "invalid_encryption_parameters");
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void messages_for_others_or_of_another_kind_are_refused() throws Exception {
        Map<String, Object> request = request();
        String body = JSONObjectUtils.toJSONString(request);
        ECKey ours = WalletSession.requestKey();
        ECKey foreign =
                new ECKey.Builder(TestWallet.newKey()).keyID(ours.getKeyID()).build();
        ECKey unknown = new ECKey.Builder(ours).keyID("unknown").build();
        String good = encrypted(request, h -> {});
        String[] parts = good.split("\\.");
        String offCurve = parts[0];
        Map<String, Object> header = JSONObjectUtils.parse(new Base64URL(parts[0]).decodeToString());
        @SuppressWarnings("unchecked")
        Map<String, Object> epk = new LinkedHashMap<>((Map<String, Object>) header.get("epk"));
        epk.put("y", epk.get("x"));
        header.put("epk", epk);
        offCurve = Base64URL.encode(JSONObjectUtils.toJSONString(header)).toString();
        for (String jwe : List.of(
                encrypted(body, EncryptionMethod.A256GCM, foreign, h -> {}),
                encrypted(body, EncryptionMethod.A256GCM, unknown, h -> {}),
                encrypted(body, EncryptionMethod.A256CBC_HS512, ours, h -> {}),
                // other spellings of the same bytes, which the library would read
                good + "=",
                good.replaceFirst("\\.\\.", ".AAAA."),
                encrypted(request, h -> h.keyID(null)),
                encrypted(
                        request, h -> h.criticalParams(java.util.Set.of("exp")).customParam("exp", 1)),
                good.replace(parts[0], offCurve),
                good.substring(0, good.length() - 4),
                parts[0] + "." + parts[1] + "." + parts[2] + "." + parts[3] + ".AAAAAAAAAAAAAAAAAAAAAA",
                "no jwe",
                "",
                "....",
                Base64URL.encode("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..AAAA.AAAA.AAAA",
                Base64URL.encode("{\"alg\":\"RSA1_5\",\"enc\":\"A256GCM\",\"kid\":\"" + ours.getKeyID() + "\"}")
                        + ".AAAA.AAAA.AAAA.AAAA")) {
            refused(session.encryptedPost(CREDENTIAL, jwe), 400, "invalid_encryption_parameters");
        }
        // what is inside is held to the same rules as in the clear
        refused(
                session.encryptedPost(CREDENTIAL, encrypted("[]", EncryptionMethod.A256GCM, ours, h -> {})),
                400,
                "invalid_credential_request");
        session.encryptedPost(CREDENTIAL, good).then().statusCode(200);
    }

    @Test
    void a_deferred_credential_is_encrypted_to_the_key_that_asks_for_it_last() throws Exception {
        String type = TestTypes.declare("deferred", false);
        WalletSession signedIn = WalletSession.signIn("minji", type);
        Map<String, Object> request = request();
        request.put("credential_configuration_id", type);
        Map<String, Object> deferred = read(signedIn.encryptedPost(CREDENTIAL, encrypted(request, h -> {})), 202);
        Map<String, Object> fetch = new LinkedHashMap<>();
        fetch.put("transaction_id", deferred.get("transaction_id"));
        refused(
                signedIn.post(
                        "/identity/deferred-credential",
                        Map.of(
                                "transaction_id",
                                deferred.get("transaction_id"),
                                "credential_response_encryption",
                                request.get("credential_response_encryption"))),
                400,
                "invalid_encryption_parameters");
        signedIn.post("/identity/deferred-credential", fetch)
                .then()
                .statusCode(202)
                .contentType(startsWith("application/json"))
                .body("transaction_id", equalTo(deferred.get("transaction_id")));
        fetch.put("credential_response_encryption", request.get("credential_response_encryption"));
        read(signedIn.encryptedPost("/identity/deferred-credential", encrypted(fetch, h -> {})), 202);
    }
}
