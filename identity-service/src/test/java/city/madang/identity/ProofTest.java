package city.madang.identity;

import static city.madang.identity.WalletSession.proof;
import static city.madang.identity.WalletSession.refused;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.identity.did.DidKeys;
import com.authlete.sd.SDJWT;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A credential is bound to keys whose possession was proven to this issuer, now, each once (OpenID4VCI 1.0 appendix F). */
@QuarkusTest
class ProofTest {

    private final ECKey key = TestWallet.newKey();
    private WalletSession session;

    @BeforeEach
    void redeemed() {
        TestCity.register("city-hall");
        session = WalletSession.redeem(TestWallet.residencyOffer());
    }

    private static String didJwk(ECKey key) {
        return "did:jwk:" + Base64URL.encode(key.toPublicJWK().toJSONString()) + "#0";
    }

    private static String didKey(ECKey key) throws Exception {
        String did = DidKeys.didKey(key.toECPublicKey());
        return did + "#" + did.substring("did:key:".length());
    }

    private static List<Base64> x5c(ECKey key) throws Exception {
        X500Name name = new X500Name("CN=a wallet");
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.TEN,
                Date.from(Instant.now().minusSeconds(60)),
                Date.from(Instant.now().plusSeconds(3600)),
                name,
                key.toECPublicKey());
        return List.of(Base64.encode(new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.toECPrivateKey())))
                .getEncoded()));
    }

    private static Object boundTo(Response issued) throws Exception {
        String credential = issued.then().statusCode(200).extract().path("credentials[0].credential");
        return ((Map<?, ?>) SignedJWT.parse(SDJWT.parse(credential).getCredentialJwt())
                        .getJWTClaimsSet()
                        .getJSONObjectClaim("cnf")
                        .get("jwk"))
                .get("x");
    }

    @Test
    void a_key_may_be_named_in_every_way_that_the_metadata_says() throws Exception {
        List<java.util.function.Consumer<JWSHeader.Builder>> ways = List.of(
                header -> header.jwk(new ECKey.Builder(key.toPublicJWK())
                        .keyID("1")
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(JWSAlgorithm.ES256)
                        .build()),
                header -> header.keyID(didJwk(key)),
                header -> {
                    try {
                        header.keyID(didKey(key));
                    } catch (Exception broken) {
                        throw new AssertionError(broken);
                    }
                },
                header -> {
                    try {
                        header.x509CertChain(x5c(key));
                    } catch (Exception broken) {
                        throw new AssertionError(broken);
                    }
                });
        for (var way : ways) {
            WalletSession fresh = WalletSession.redeem(TestWallet.residencyOffer());
            Response issued = fresh.jwt("residency", proof(key, TestWallet.nonce(), way, claims -> {}));
            assertEquals(key.getX().toString(), boundTo(issued));
        }
    }

    @Test
    void audience_may_be_a_list_and_members_that_nobody_knows_are_ignored() {
        Map<String, Object> request = WalletSession.request(
                "residency",
                "jwt",
                proof(
                        key,
                        TestWallet.nonce(),
                        header -> header.jwk(key.toPublicJWK()).customParam("x-unknown", 1),
                        claims -> claims.audience(List.of(TestWallet.ISSUER))
                                .issuer("https://wallet.example")
                                .claim("unknown", Map.of("a", List.of(1)))));
        request.put("unknown", Map.of("nested", true));
        session.credential(request).then().statusCode(200).body("credentials", hasSize(1));
    }

    @Test
    void the_same_key_twice_in_a_batch_is_refused_however_it_is_named() throws Exception {
        String nonce = TestWallet.nonce();
        String jwk = proof(key, nonce, header -> header.jwk(key.toPublicJWK()), claims -> {});
        String named = proof(
                key,
                nonce,
                header -> header.jwk(new ECKey.Builder(key.toPublicJWK())
                        .keyID("another name")
                        .keyUse(KeyUse.SIGNATURE)
                        .build()),
                claims -> {});
        String inDidJwk = proof(key, nonce, header -> header.keyID(didJwk(key)), claims -> {});
        String didKey = didKey(key);
        String inDidKey = proof(key, nonce, header -> header.keyID(didKey), claims -> {});
        List<Base64> chain = x5c(key);
        String inX5c = proof(key, nonce, header -> header.x509CertChain(chain), claims -> {});
        for (String other : List.of(jwk, named, inDidJwk, inDidKey, inX5c)) {
            refused(session.jwt("residency", jwk, other), 400, "invalid_proof");
        }
        // and it cost nothing: the nonce was not used up by a proof that is refused
        session.jwt("residency", jwk).then().statusCode(200);
    }

    @Test
    void other_algorithms_are_refused_whatever_key_they_come_with() throws Exception {
        String nonce = TestWallet.nonce();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .audience(TestWallet.ISSUER)
                .issueTime(new Date())
                .claim("nonce", nonce)
                .build();
        var type = new com.nimbusds.jose.JOSEObjectType("openid4vci-proof+jwt");
        // the public key as the secret of an HMAC
        SignedJWT mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(type)
                        .jwk(key.toPublicJWK())
                        .build(),
                claims);
        mac.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
        var rsaKey = new RSAKeyGenerator(2048).generate();
        SignedJWT rsa = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(type)
                        .jwk(rsaKey.toPublicJWK())
                        .build(),
                claims);
        rsa.sign(new RSASSASigner(rsaKey));
        ECKey p384 = new ECKeyGenerator(Curve.P_384).generate();
        SignedJWT es384 = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES384)
                        .type(type)
                        .jwk(p384.toPublicJWK())
                        .build(),
                claims);
        es384.sign(new ECDSASigner(p384));
        String good = proof(key, nonce, header -> header.jwk(key.toPublicJWK()), body -> {});
        String payload = good.substring(good.indexOf('.'));
        String none = Base64URL.encode("{\"alg\":\"none\",\"typ\":\"openid4vci-proof+jwt\",\"jwk\":"
                        + key.toPublicJWK().toJSONString() + "}")
                + payload.substring(0, payload.lastIndexOf('.') + 1);
        // secp256k1 and P-384 keys under ES256's name
        String es256k = Base64URL.encode("{\"alg\":\"ES256K\",\"typ\":\"openid4vci-proof+jwt\",\"jwk\":"
                        + key.toPublicJWK().toJSONString() + "}")
                + payload;
        String wrongCurve = Base64URL.encode("{\"alg\":\"ES256\",\"typ\":\"openid4vci-proof+jwt\",\"jwk\":"
                        + p384.toPublicJWK().toJSONString() + "}")
                + payload;
        for (String forged : List.of(mac.serialize(), rsa.serialize(), es384.serialize(), none, es256k, wrongCurve)) {
            refused(session.jwt("residency", forged), 400, "invalid_proof");
        }
        session.jwt("residency", good).then().statusCode(200);
    }

    @Test
    void points_off_the_curve_and_keys_in_other_clothes_are_refused() {
        String nonce = TestWallet.nonce();
        String x = key.getX().toString();
        String y = key.getY().toString();
        String zero = Base64URL.encode(new byte[32]).toString();
        String prime = Base64URL.encode(
                        HexFormat.of().parseHex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"))
                .toString();
        for (Map<String, Object> jwk : List.<Map<String, Object>>of(
                jwk(x, x),
                jwk(zero, zero),
                jwk(prime, y),
                jwk(x + "AA", y),
                jwk(x.substring(2), y),
                jwk(x + "=", y),
                Map.of("kty", "EC", "crv", "P-256", "x", x),
                Map.of("kty", "OKP", "crv", "P-256", "x", x, "y", y),
                Map.of("kty", "EC", "crv", "secp256k1", "x", x, "y", y),
                Map.of("kty", "EC", "crv", "P-256", "x", List.of(x), "y", y),
                Map.of())) {
            refused(session.jwt("residency", raw(nonce, Map.of("jwk", jwk))), 400, "invalid_proof");
        }
        refused(
                session.jwt("residency", raw(nonce, Map.of("jwk", key.toJSONObject()))),
                400,
                "invalid_proof"); // the private key
        for (Object kid : List.of(
                "did:web:evil.example#0",
                "did:jwk:e30#0",
                "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv#other",
                "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
                "1",
                7)) {
            refused(session.jwt("residency", raw(nonce, Map.of("kid", kid))), 400, "invalid_proof");
        }
        for (Object chain : List.of(List.of(), List.of("AAAA"), "AAAA", List.of(1))) {
            refused(session.jwt("residency", raw(nonce, Map.of("x5c", chain))), 400, "invalid_proof");
        }
    }

    private static Map<String, Object> jwk(String x, String y) {
        return Map.of("kty", "EC", "crv", "P-256", "x", x, "y", y);
    }

    /** A proof whose header is whatever is given, signed with the key all the same. */
    private String raw(String nonce, Map<String, Object> members) {
        Map<String, Object> header = new LinkedHashMap<>(members);
        header.put("alg", "ES256");
        header.put("typ", "openid4vci-proof+jwt");
        try {
            String input = Base64URL.encode(com.nimbusds.jose.util.JSONObjectUtils.toJSONString(header))
                    + "."
                    + Base64URL.encode("{\"aud\":\"" + TestWallet.ISSUER + "\",\"iat\":"
                            + Instant.now().getEpochSecond() + ",\"nonce\":\"" + nonce + "\"}");
            return input + "."
                    + new ECDSASigner(key)
                            .sign(new JWSHeader(JWSAlgorithm.ES256), input.getBytes(StandardCharsets.US_ASCII));
        } catch (com.nimbusds.jose.JOSEException broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void times_audiences_and_nonces_of_elsewhere_are_refused() {
        String nonce = TestWallet.nonce();
        Instant now = Instant.now();
        for (Date at : List.of(
                Date.from(now.plusSeconds(600)),
                Date.from(now.minusSeconds(3600)),
                new Date(0),
                new Date(Long.MAX_VALUE / 2))) {
            refused(
                    session.jwt("residency", proof(key, nonce, h -> h.jwk(key.toPublicJWK()), c -> c.issueTime(at))),
                    400,
                    "invalid_proof");
        }
        for (String audience : List.of(
                "https://other.example",
                TestWallet.ISSUER + "/",
                TestWallet.ISSUER + "/credential",
                TestWallet.ORIGIN)) {
            refused(
                    session.jwt(
                            "residency", proof(key, nonce, h -> h.jwk(key.toPublicJWK()), c -> c.audience(audience))),
                    400,
                    "invalid_proof");
        }
        refused(
                session.jwt(
                        "residency",
                        proof(
                                key,
                                nonce,
                                h -> h.jwk(key.toPublicJWK()),
                                c -> c.audience(List.of(TestWallet.ISSUER, "https://other.example")))),
                400,
                "invalid_proof");
        // without a nonce the proof is wrong, with a nonce for something else the nonce is
        refused(
                session.jwt("residency", proof(key, nonce, h -> h.jwk(key.toPublicJWK()), c -> c.claim("nonce", null))),
                400,
                "invalid_proof");
        for (String foreign : List.of(HaipWallet.dpopNonce(), HaipWallet.challenge(), "n-0S6_WzA2Mj", "")) {
            refused(session.jwt("residency", new TestWallet(key).proof(foreign)), 400, "invalid_nonce");
        }
        ECKey other = TestWallet.newKey();
        refused(
                session.jwt(
                        "residency", new TestWallet(key).proof(nonce), new TestWallet(other).proof(TestWallet.nonce())),
                400,
                "invalid_proof");
        session.jwt("residency", new TestWallet(key).proof(nonce)).then().statusCode(200);
    }

    @Test
    void a_proof_of_another_kind_of_token_is_not_taken() {
        String nonce = TestWallet.nonce();
        for (String type : List.of("dpop+jwt", "kb+jwt", "JWT", "key-attestation+jwt")) {
            refused(
                    session.jwt(
                            "residency",
                            proof(
                                    key,
                                    nonce,
                                    h -> h.jwk(key.toPublicJWK()).type(new com.nimbusds.jose.JOSEObjectType(type)),
                                    c -> {})),
                    400,
                    "invalid_proof");
        }
        for (Object proofs : List.of(
                Map.of(),
                Map.of("jwt", List.of()),
                Map.of("jwt", "text"),
                Map.of("jwt", List.of(1)),
                Map.of("ldp_vp", List.of(Map.of())),
                Map.of("jwt", List.of(new TestWallet(key).proof(nonce)), "attestation", List.of("x")),
                "text",
                List.of())) {
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("credential_configuration_id", "residency");
            request.put("proofs", proofs);
            refused(session.credential(request), 400, "invalid_proof");
        }
        refused(session.credential(Map.of("credential_configuration_id", "residency")), 400, "invalid_proof");
        // one more than anybody may ask for
        refused(session.jwt("residency", WalletSession.proofs(nonce, WalletSession.keys(21))), 400, "invalid_proof");
    }
}
