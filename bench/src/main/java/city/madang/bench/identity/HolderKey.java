package city.madang.bench.identity;

import city.madang.kit.p256.P256;
import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A wallet's P-256 key and what it signs: key proofs, DPoP proofs, key bindings. Each is fresh, as a wallet's would be. */
record HolderKey(PrivateKey privateKey, Map<String, Object> jwk) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int COORDINATE_BYTES = 32;

    static HolderKey fresh() {
        try {
            var generator = P256.isFast()
                    ? KeyPairGenerator.getInstance("EC", AmazonCorrettoCryptoProvider.INSTANCE)
                    : KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            var point = ((ECPublicKey) pair.getPublic()).getW();
            var jwk = new LinkedHashMap<String, Object>();
            jwk.put("kty", "EC");
            jwk.put("crv", "P-256");
            jwk.put("x", coordinate(point.getAffineX()));
            jwk.put("y", coordinate(point.getAffineY()));
            return new HolderKey(pair.getPrivate(), jwk);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no P-256", impossible);
        }
    }

    /** A key proof (OpenID4VCI 1.0 appendix F.1). */
    String proof(String issuer, String nonce, @Nullable String clientId) {
        var claims = new LinkedHashMap<String, Object>();
        if (clientId != null) {
            claims.put("iss", clientId);
        }
        claims.put("aud", issuer);
        claims.put("nonce", nonce);
        claims.put("iat", Instant.now().getEpochSecond());
        return sign("openid4vci-proof+jwt", true, claims);
    }

    /** A DPoP proof for a POST (RFC 9449 §4.2). */
    String dpop(String url, @Nullable String nonce, @Nullable String accessToken) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("htm", "POST");
        claims.put("htu", url);
        claims.put("iat", Instant.now().getEpochSecond());
        if (nonce != null) {
            claims.put("nonce", nonce);
        }
        if (accessToken != null) {
            claims.put("ath", sha256(accessToken));
        }
        return sign("dpop+jwt", true, claims);
    }

    /** The presentation of a whole SD-JWT, or of what is left of it, with its key binding (RFC 9901 §4.3). */
    String bound(String sdJwt, String audience, String nonce) {
        return sdJwt
                + sign(
                        "kb+jwt",
                        false,
                        Map.of(
                                "aud",
                                audience,
                                "nonce",
                                nonce,
                                "iat",
                                Instant.now().getEpochSecond(),
                                "sd_hash",
                                sha256(sdJwt)));
    }

    byte[] sign(byte[] message) {
        return P256.sign(privateKey, message);
    }

    static String sha256(String text) {
        return base64(digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String base64(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String sign(String type, boolean withKey, Map<String, Object> claims) {
        var header = new LinkedHashMap<String, Object>();
        header.put("alg", "ES256");
        header.put("typ", type);
        if (withKey) {
            header.put("jwk", jwk);
        }
        var input = base64(json(header).getBytes(StandardCharsets.UTF_8))
                + "."
                + base64(json(claims).getBytes(StandardCharsets.UTF_8));
        return input + "." + base64(sign(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String coordinate(BigInteger value) {
        var bytes = value.toByteArray();
        var fixed = new byte[COORDINATE_BYTES];
        var length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
        return base64(fixed);
    }

    /** Holds a private key. */
    @Override
    public String toString() {
        return "HolderKey" + jwk;
    }
}
