package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token that is bound to a key is worth nothing without it, and a proof is worth something once (RFC 9449). */
@QuarkusTest
class DpopTest {

    private static final String TOKEN = "/identity/token";
    private static final String CREDENTIAL = "/identity/credential";

    @Inject
    Pool pool;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    private static Map<String, String> preAuthorized() {
        return TestWallet.form(TestWallet.residencyOffer());
    }

    private static Response token(Map<String, String> form, String proof) {
        return given().header("DPoP", proof).formParams(form).post(TOKEN);
    }

    private static String bound(ECKey key) {
        return token(preAuthorized(), HaipWallet.dpop(key, TOKEN, claims -> {}))
                .then()
                .statusCode(200)
                .body("token_type", equalTo("DPoP"))
                .extract()
                .path("access_token");
    }

    private static String proof(ECKey key, String token, Consumer<JWTClaimsSet.Builder> change) {
        return HaipWallet.dpop(key, CREDENTIAL, token, change);
    }

    private static Response use(String scheme, String token, String... proofs) {
        var request = given().header("Authorization", scheme + " " + token)
                .contentType("application/json")
                .body("{}");
        for (String proof : proofs) {
            request = request.header("DPoP", proof);
        }
        return request.post(CREDENTIAL);
    }

    private static void refused(Response response, String error) {
        response.then()
                .statusCode(401)
                .header("WWW-Authenticate", containsString("DPoP"))
                .header("WWW-Authenticate", containsString("error=\"" + error + "\""))
                .header("DPoP-Nonce", notNullValue())
                .body("error", equalTo(error));
    }

    @Test
    void a_wallet_without_a_proof_gets_a_bearer_token_and_no_refresh_token() {
        given().formParams(preAuthorized())
                .post(TOKEN)
                .then()
                .statusCode(200)
                .body("token_type", equalTo("Bearer"))
                .body("$", not(hasKey("refresh_token")));
    }

    @Test
    void the_server_names_the_nonce_that_it_wants() {
        ECKey key = TestWallet.newKey();
        Map<String, String> form = preAuthorized();
        for (String nonce : new String[] {null, "made-up", TestWallet.nonce()}) {
            Response first = token(form, HaipWallet.dpop(key, TOKEN, claims -> claims.claim("nonce", nonce)));
            first.then().statusCode(400).body("error", equalTo("use_dpop_nonce"));
            assertNotEquals(null, first.header("DPoP-Nonce"));
        }
        String nonce = token(form, HaipWallet.dpop(key, TOKEN, claims -> claims.claim("nonce", null)))
                .header("DPoP-Nonce");
        Response tokens = token(form, HaipWallet.dpop(key, TOKEN, claims -> claims.claim("nonce", nonce)));
        String token = tokens.then().statusCode(200).extract().path("access_token");

        refused(use("DPoP", token, proof(key, token, claims -> claims.claim("nonce", null))), "use_dpop_nonce");
        String next = tokens.header("DPoP-Nonce");
        assertEquals(
                400,
                use("DPoP", token, proof(key, token, claims -> claims.claim("nonce", next)))
                        .statusCode());
    }

    @Test
    void forged_and_misdirected_proofs_are_refused_at_the_token_endpoint() throws Exception {
        ECKey key = TestWallet.newKey();
        Map<String, String> form = preAuthorized();
        for (String proof : forged(key, TOKEN)) {
            Response response = token(form, proof);
            assertEquals("invalid_dpop_proof", response.path("error"), proof + " " + response.asString());
            assertEquals(400, response.statusCode());
        }
        Response two = given().header("DPoP", HaipWallet.dpop(key, TOKEN, claims -> {}))
                .header("DPoP", HaipWallet.dpop(key, TOKEN, claims -> {}))
                .formParams(form)
                .post(TOKEN);
        assertEquals("invalid_dpop_proof", two.path("error"));
        token(form, HaipWallet.dpop(key, TOKEN, claims -> {})).then().statusCode(200);
    }

    @Test
    void forged_and_misdirected_proofs_are_refused_at_the_credential_endpoint() throws Exception {
        ECKey key = TestWallet.newKey();
        String token = bound(key);
        for (String proof : forged(key, CREDENTIAL)) {
            refused(use("DPoP", token, proof), "invalid_dpop_proof");
        }
        refused(use("DPoP", token, HaipWallet.dpop(key, CREDENTIAL, claims -> {})), "invalid_dpop_proof");
        refused(
                use("DPoP", token, proof(key, token, claims -> claims.claim("ath", HaipWallet.s256(token + "x")))),
                "invalid_dpop_proof");
        refused(use("DPoP", token), "invalid_dpop_proof");
        refused(use("Bearer", token), "invalid_token");
        refused(use("Bearer", token, proof(key, token, claims -> {})), "invalid_token");
        ECKey thief = TestWallet.newKey();
        refused(use("DPoP", token, proof(thief, token, claims -> {})), "invalid_token");
        refused(use("DPoP", "made-up", proof(key, "made-up", claims -> {})), "invalid_token");
        assertEquals(400, use("DPoP", token, proof(key, token, claims -> {})).statusCode());
    }

    @Test
    void an_unbound_token_does_not_pass_for_a_bound_one() {
        String bearer = given().formParams(preAuthorized())
                .post(TOKEN)
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        refused(use("DPoP", bearer, proof(TestWallet.newKey(), bearer, claims -> {})), "invalid_token");
        assertEquals(400, use("Bearer", bearer).statusCode());
    }

    private static List<String> forged(ECKey key, String path) throws Exception {
        String good = HaipWallet.dpop(key, path, claims -> claims.claim("ath", "x"));
        String[] parts = good.split("\\.");
        List<String> forged = new ArrayList<>();
        for (Consumer<JWTClaimsSet.Builder> change : List.<Consumer<JWTClaimsSet.Builder>>of(
                claims -> claims.claim("htm", "GET"),
                claims -> claims.claim("htm", null),
                claims -> claims.claim("htu", TestWallet.ORIGIN + "/identity/elsewhere"),
                claims -> claims.claim("htu", "https://elsewhere.example" + path),
                claims -> claims.claim("htu", path),
                claims -> claims.claim("htu", null),
                claims -> claims.issueTime(Date.from(Instant.now().plusSeconds(600))),
                claims -> claims.issueTime(Date.from(Instant.now().minusSeconds(3600))),
                claims -> claims.issueTime(null),
                claims -> claims.jwtID(null),
                claims -> claims.jwtID("x".repeat(1000)))) {
            forged.add(HaipWallet.dpop(key, path, change));
        }
        forged.add(Base64URL.encode("{\"alg\":\"none\",\"typ\":\"dpop+jwt\",\"jwk\":"
                        + key.toPublicJWK().toJSONString() + "}")
                + "." + parts[1] + ".");
        SignedJWT mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .jwk(key.toPublicJWK())
                        .build(),
                SignedJWT.parse(good).getJWTClaimsSet());
        mac.sign(new MACSigner(key.toECPublicKey().getEncoded()));
        forged.add(mac.serialize());
        // another key than the one that signed
        forged.add(HaipWallet.dpop(
                new ECKey.Builder(key).d(TestWallet.newKey().getD()).build(), path, claims -> {}));
        forged.add(HaipWallet.sign(
                key,
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .jwk(key.toPublicJWK())
                        .build(),
                SignedJWT.parse(good).getJWTClaimsSet()));
        forged.add(HaipWallet.sign(
                key,
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .build(),
                SignedJWT.parse(good).getJWTClaimsSet()));
        // the private key in the header
        forged.add(
                parts[0].equals("")
                        ? ""
                        : Base64URL.encode(
                                        "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":" + key.toJSONString() + "}")
                                + "." + parts[1] + "." + parts[2]);
        forged.add("x");
        return forged;
    }

    @Test
    void htu_is_compared_without_query_case_of_the_host_and_default_port() {
        ECKey key = TestWallet.newKey();
        token(
                        preAuthorized(),
                        HaipWallet.dpop(
                                key, TOKEN, claims -> claims.claim("htu", "HTTPS://LOCALHOST:8443" + TOKEN + "?a=b#c")))
                .then()
                .statusCode(200);
    }

    @Test
    void of_many_uses_of_one_proof_exactly_one_counts() throws Exception {
        ECKey key = TestWallet.newKey();
        String token = bound(key);
        String proof = proof(key, token, claims -> {});
        List<Future<Response>> sent = new ArrayList<>();
        try (ExecutorService senders = Executors.newFixedThreadPool(12)) {
            for (int i = 0; i < 12; i++) {
                sent.add(senders.submit(() -> use("DPoP", token, proof)));
            }
        }
        int good = 0;
        for (Future<Response> each : sent) {
            if (each.get().statusCode() == 401) {
                refused(each.get(), "invalid_dpop_proof");
            } else {
                good++;
            }
        }
        assertEquals(1, good);
    }

    @Test
    void the_same_jti_under_another_key_or_with_the_other_signature_is_told_apart_rightly() throws Exception {
        ECKey key = TestWallet.newKey();
        String token = bound(key);
        String first = proof(key, token, claims -> claims.jwtID("same"));
        assertEquals(400, use("DPoP", token, first).statusCode());
        // n - s verifies as well, and is the same proof
        refused(use("DPoP", token, malleated(first)), "invalid_dpop_proof");
        refused(use("DPoP", token, proof(key, token, claims -> claims.jwtID("same"))), "invalid_dpop_proof");
        ECKey other = TestWallet.newKey();
        String others = bound(other);
        assertEquals(
                400,
                use("DPoP", others, proof(other, others, claims -> claims.jwtID("same")))
                        .statusCode());
    }

    private static String malleated(String jws) {
        int dot = jws.lastIndexOf('.');
        byte[] signature = Base64URL.from(jws.substring(dot + 1)).decode();
        var order = com.nimbusds.jose.jwk.Curve.P_256.toECParameterSpec().getOrder();
        byte[] s = order.subtract(new java.math.BigInteger(1, java.util.Arrays.copyOfRange(signature, 32, 64)))
                .toByteArray();
        byte[] other = java.util.Arrays.copyOf(signature, 64);
        java.util.Arrays.fill(other, 32, 64, (byte) 0);
        int length = Math.min(s.length, 32);
        System.arraycopy(s, s.length - length, other, 64 - length, length);
        return jws.substring(0, dot + 1) + Base64URL.encode(other);
    }

    @Test
    void a_proof_does_not_outlive_a_database_that_forgot_what_was_used() throws Exception {
        ECKey key = TestWallet.newKey();
        String token = bound(key);
        String proof = proof(key, token, claims -> {});
        assertEquals(400, use("DPoP", token, proof).statusCode());
        Thread.sleep(1100); // times of nonces are whole seconds

        // what a crash of PostgreSQL does to unlogged tables
        pool.query("truncate used_once, used_once_since").execute().await().indefinitely();

        refused(use("DPoP", token, proof), "use_dpop_nonce");
        refused(use("DPoP", token, proof), "use_dpop_nonce");
        Thread.sleep(1100);
        assertEquals(400, use("DPoP", token, proof(key, token, claims -> {})).statusCode());
    }

    @Test
    void a_proof_that_is_sent_many_times_among_others_counts_once() throws Exception {
        int wallets = 8;
        List<Callable<Response>> requests = new ArrayList<>();
        for (int i = 0; i < wallets; i++) {
            ECKey key = TestWallet.newKey();
            String token = bound(key);
            String proof = proof(key, token, claims -> {});
            Map<String, Object> body =
                    WalletSession.request("residency", "jwt", new TestWallet().proof(TestWallet.nonce()));
            Callable<Response> request = () -> given().header("Authorization", "DPoP " + token)
                    .header("DPoP", proof)
                    .contentType("application/json")
                    .body(body)
                    .post(CREDENTIAL);
            requests.add(request);
            if (i == 0) {
                requests.addAll(Collections.nCopies(wallets, request));
            }
        }
        List<Response> answers = RaceTest.atOnce(requests.size(), requests::get);
        assertEquals(
                wallets,
                answers.stream().filter(answer -> answer.statusCode() == 200).count());
        List<Response> replays = answers.subList(0, wallets + 1);
        assertEquals(
                1, replays.stream().filter(answer -> answer.statusCode() == 200).count());
        replays.stream().filter(answer -> answer.statusCode() != 200).forEach(replay -> {
            assertEquals(401, replay.statusCode());
            assertEquals("invalid_dpop_proof", replay.path("error"));
        });
    }
}
