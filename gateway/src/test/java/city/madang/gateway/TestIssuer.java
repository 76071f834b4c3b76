package city.madang.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Signs what Keycloak and wallets sign. */
public final class TestIssuer {

    public static final String ORIGIN = "https://madang.example";
    public static final String ISSUER = ORIGIN + "/auth/realms/madang";
    public static final String AUDIENCE = "madang-api";

    private final ECKey key;

    public TestIssuer(String keyId) {
        key = key(keyId);
    }

    public static ECKey key(String keyId) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    public String keySet() {
        return new JWKSet(key).toString(true);
    }

    public ECKey key() {
        return key;
    }

    /** A good token of a citizen, changed as wanted. */
    public String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
        return sign(key, "JWT", change.apply(claims).build());
    }

    public String token() {
        return token(claims -> claims);
    }

    /** Bound to a wallet's key. */
    public String boundTo(ECKey wallet) {
        return token(claims -> claims.claim("cnf", Map.of("jkt", thumbprint(wallet))));
    }

    /** A proof of a wallet for a request, changed as wanted. */
    public static String proof(
            ECKey wallet, String method, String url, String token, UnaryOperator<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .claim("htm", method)
                .claim("htu", url)
                .claim("ath", hash(token))
                .issueTime(new Date());
        return sign(wallet, "dpop+jwt", change.apply(claims).build());
    }

    public static String proof(ECKey wallet, String method, String url, String token) {
        return proof(wallet, method, url, token, claims -> claims);
    }

    public static String sign(ECKey key, String type, JWTClaimsSet claims) {
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.ES256).type(new JOSEObjectType(type));
        if (type.equals("dpop+jwt")) {
            header.jwk(key.toPublicJWK());
        } else {
            header.keyID(key.getKeyID());
        }
        try {
            SignedJWT jwt = new SignedJWT(header.build(), claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    public static String hash(String text) {
        try {
            return Base64URL.encode(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)))
                    .toString();
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static String thumbprint(ECKey key) {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
