package city.madang.identity;

import static io.restassured.RestAssured.given;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** An access token in the hands of its wallet, and what it asks for with it (OpenID4VCI 1.0 clauses 8 to 11). */
final class WalletSession {

    final String token;
    final HaipWallet wallet;

    /** @param wallet whose key the token is bound to; null: a bearer token */
    WalletSession(String token, HaipWallet wallet) {
        this.token = token;
        this.wallet = wallet;
    }

    /** Redeems an offer without DPoP. */
    static WalletSession redeem(Map<String, Object> announced) {
        return new WalletSession(
                TestWallet.token(TestWallet.code(TestWallet.fetchOffer(announced)), (String) announced.get("tx_code"))
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("access_token"),
                null);
    }

    /** Lets a citizen sign in, as HAIP wants it. */
    static WalletSession signIn(String user, String scope) {
        HaipWallet wallet = new HaipWallet();
        String code = wallet.code(user, "scope", scope);
        return new WalletSession(
                wallet.token(wallet.exchange(code))
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("access_token"),
                wallet);
    }

    RequestSpecification at(String path) {
        return wallet == null
                ? given().header("Authorization", "Bearer " + token)
                : given().header("Authorization", "DPoP " + token).header("DPoP", wallet.dpop(path, token));
    }

    Response post(String path, Object json) {
        return at(path).contentType("application/json").body(json).post(path);
    }

    Response credential(Map<String, Object> request) {
        return post("/identity/credential", request);
    }

    Response jwt(String type, Object... proofs) {
        return credential(request(type, "jwt", proofs));
    }

    static Map<String, Object> request(String type, String proofType, Object... proofs) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("credential_configuration_id", type);
        request.put("proofs", Map.of(proofType, List.of(proofs)));
        return request;
    }

    static Map<String, Object> metadata() {
        return given().get("/.well-known/openid-credential-issuer/identity")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getMap("");
    }

    /** The issuer's key for requests. */
    static ECKey requestKey() {
        try {
            Map<String, Object> key = given().get("/.well-known/openid-credential-issuer/identity")
                    .jsonPath()
                    .getMap("credential_request_encryption.jwks.keys[0]");
            return ECKey.parse(key);
        } catch (java.text.ParseException broken) {
            throw new AssertionError(broken);
        }
    }

    static String encrypted(Map<String, Object> request, Consumer<JWEHeader.Builder> change) {
        return encrypted(JSONObjectUtils.toJSONString(request), EncryptionMethod.A256GCM, requestKey(), change);
    }

    static String encrypted(String body, EncryptionMethod method, ECKey key, Consumer<JWEHeader.Builder> change) {
        try {
            JWEHeader.Builder header = new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, method).keyID(key.getKeyID());
            change.accept(header);
            JWEObject jwe = new JWEObject(header.build(), new Payload(body));
            jwe.encrypt(new ECDHEncrypter(key.toPublicJWK()));
            return jwe.serialize();
        } catch (com.nimbusds.jose.JOSEException broken) {
            throw new AssertionError(broken);
        }
    }

    Response encryptedPost(String path, String jwe) {
        return at(path).contentType("application/jwt")
                .body(jwe.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .post(path);
    }

    /** A proof by {@code jwk} of each key, with one nonce. */
    static Object[] proofs(String nonce, List<ECKey> keys) {
        return keys.stream().map(key -> new TestWallet(key).proof(nonce)).toArray();
    }

    static List<ECKey> keys(int count) {
        List<ECKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(TestWallet.newKey());
        }
        return keys;
    }

    /** A proof whose header and claims are changed before it is signed. */
    static String proof(
            ECKey key, String nonce, Consumer<JWSHeader.Builder> header, Consumer<JWTClaimsSet.Builder> claims) {
        JWSHeader.Builder head =
                new JWSHeader.Builder(JWSAlgorithm.ES256).type(new JOSEObjectType("openid4vci-proof+jwt"));
        header.accept(head);
        JWTClaimsSet.Builder body = new JWTClaimsSet.Builder()
                .audience(TestWallet.ISSUER)
                .issueTime(new Date())
                .claim("nonce", nonce);
        claims.accept(body);
        return new TestWallet(key).sign(head.build(), body.build());
    }

    /** A key attestation of the trusted wallet provider over these keys (appendix D.1). */
    static String attestation(
            HaipWallet.Provider provider, List<ECKey> keys, String nonce, Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("key_storage", List.of("iso_18045_high"))
                .claim("user_authentication", List.of("iso_18045_moderate"))
                .claim(
                        "attested_keys",
                        keys.stream()
                                .map(key -> key.toPublicJWK().toJSONObject())
                                .toList());
        if (nonce != null) {
            claims.claim("nonce", nonce);
        }
        change.accept(claims);
        return HaipWallet.sign(
                provider.key(),
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("key-attestation+jwt"))
                        .x509CertChain(provider.chain())
                        .build(),
                claims.build());
    }

    static void refused(Response response, int status, String error) {
        if (response.statusCode() != status || !error.equals(response.path("error"))) {
            throw new AssertionError(
                    "not " + status + " " + error + " but " + response.statusCode() + " " + response.asString());
        }
    }
}
