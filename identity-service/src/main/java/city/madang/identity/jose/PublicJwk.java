package city.madang.identity.jose;

import city.madang.kit.p256.P256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A public P-256 key as a JWK (RFC 7518 §6.2.1), reduced to its coordinates.
 *
 * @param x base64url of 32 bytes
 * @param y base64url of 32 bytes
 */
public record PublicJwk(String x, String y) {

    private static final int COORDINATE_BYTES = 32;

    /** @throws Malformed if it is not a P-256 key, lies off the curve, or holds a private part */
    public static PublicJwk parse(@Nullable Object json) throws Malformed {
        if (!(json instanceof Map<?, ?> jwk)
                || !"EC".equals(jwk.get("kty"))
                || !"P-256".equals(jwk.get("crv"))
                || !(jwk.get("x") instanceof String x)
                || !(jwk.get("y") instanceof String y)) {
            throw new Malformed("the key must be a JWK for P-256");
        }
        if (jwk.containsKey("d")) {
            throw new Malformed("the key must be public");
        }
        PublicJwk key = new PublicJwk(x, y);
        if (!P256.onCurve(coordinate(x), coordinate(y))) {
            throw new Malformed("the key is not on P-256");
        }
        return key;
    }

    public static PublicJwk of(ECPublicKey key) {
        return new PublicJwk(encode(key.getW().getAffineX()), encode(key.getW().getAffineY()));
    }

    public ECPublicKey toKey() throws Malformed {
        try {
            return P256.publicKey(coordinate(x), coordinate(y));
        } catch (IllegalArgumentException offCurve) {
            throw new Malformed("the key is not on P-256");
        }
    }

    public Map<String, Object> toJson() {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kty", "EC");
        jwk.put("crv", "P-256");
        jwk.put("x", x);
        jwk.put("y", y);
        return jwk;
    }

    /** RFC 7638, SHA-256. */
    public String thumbprint() {
        String canonical = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
        return Base64Url.encode(Sha256.of(canonical.getBytes(StandardCharsets.UTF_8)));
    }

    private static BigInteger coordinate(String text) throws Malformed {
        byte[] bytes = Base64Url.decode(text);
        if (bytes.length != COORDINATE_BYTES) {
            throw new Malformed("a coordinate of P-256 has 32 bytes");
        }
        return new BigInteger(1, bytes);
    }

    private static String encode(BigInteger coordinate) {
        byte[] magnitude = coordinate.toByteArray();
        byte[] fixed = new byte[COORDINATE_BYTES];
        int length = Math.min(magnitude.length, COORDINATE_BYTES);
        System.arraycopy(magnitude, magnitude.length - length, fixed, COORDINATE_BYTES - length, length);
        return Base64Url.encode(fixed);
    }
}
