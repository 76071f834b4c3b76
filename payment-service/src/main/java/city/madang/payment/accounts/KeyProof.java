package city.madang.payment.accounts;

import city.madang.kit.p256.P256;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A wallet's proof that it holds the key of an account to be opened: a compact JWS (RFC 7515) of type
 * {@code madang-account+jwt}, signed ES256 by the key in its {@code jwk} header.
 *
 * @param x the key's coordinate
 * @param y the key's coordinate
 * @param jti to be used once
 */
public record KeyProof(BigInteger x, BigInteger y, String jti) {

    /** {@code typ} of the header. */
    public static final String TYPE = "madang-account+jwt";

    /** How far {@code iat} may be from now, either way. */
    static final Duration CLOCK_SKEW_MAX = Duration.ofSeconds(300);

    /** Longest proof, in characters: several times what one needs. */
    static final int LENGTH_MAX = 4096;

    private static final int JTI_LENGTH_MIN = 8;
    private static final int JTI_LENGTH_MAX = 128;
    private static final Set<String> HEADER_MEMBERS = Set.of("typ", "alg", "jwk");

    /** Why a text is no proof; the message is fit for the caller. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String why) {
            super(why);
        }
    }

    /**
     * Checks a proof.
     *
     * @param audience {@code aud} that it must name, alone
     * @param subject {@code sub} that it must name
     * @throws Invalid when it proves nothing
     */
    public static KeyProof verify(String compact, String audience, String subject, Instant now) throws Invalid {
        try {
            SignedJWT jwt = SignedJWT.parse(compact);
            ECKey key = headerKey(jwt);
            BigInteger x = key.getX().decodeToBigInteger();
            BigInteger y = key.getY().decodeToBigInteger();
            if (!P256.onCurve(x, y)) {
                throw new Invalid("the key is not on P-256");
            }
            byte[] signed = jwt.getSigningInput();
            if (!P256.verify(P256.publicKey(x, y), signed, jwt.getSignature().decode())) {
                throw new Invalid("the signature is not the key's");
            }
            return new KeyProof(x, y, checkedJti(jwt.getJWTClaimsSet(), audience, subject, now));
        } catch (ParseException | IllegalArgumentException malformed) {
            throw new Invalid("not a compact JWS of this type");
        }
    }

    private static ECKey headerKey(SignedJWT jwt) throws Invalid {
        var header = jwt.getHeader();
        if (!new JOSEObjectType(TYPE).equals(header.getType())) {
            throw new Invalid("typ is not " + TYPE);
        }
        if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
            throw new Invalid("alg is not ES256");
        }
        if (!HEADER_MEMBERS.containsAll(header.toJSONObject().keySet())) {
            throw new Invalid("the header has other members than typ, alg and jwk");
        }
        if (!(header.getJWK() instanceof ECKey key) || !Curve.P_256.equals(key.getCurve()) || key.isPrivate()) {
            throw new Invalid("jwk is not a public P-256 key");
        }
        return key;
    }

    private static String checkedJti(JWTClaimsSet claims, String audience, String subject, Instant now) throws Invalid {
        if (!List.of(audience).equals(claims.getAudience())) {
            throw new Invalid("aud is not " + audience);
        }
        if (!subject.equals(claims.getSubject())) {
            throw new Invalid("sub is not the caller's");
        }
        @Nullable
        Instant issued =
                claims.getIssueTime() == null ? null : claims.getIssueTime().toInstant();
        if (issued == null || Duration.between(issued, now).abs().compareTo(CLOCK_SKEW_MAX) > 0) {
            throw new Invalid("iat is missing or not within 300 seconds of now");
        }
        @Nullable String jti = claims.getJWTID();
        if (jti == null || jti.length() < JTI_LENGTH_MIN || jti.length() > JTI_LENGTH_MAX || !isPrintable(jti)) {
            throw new Invalid("jti is missing or not of 8 to 128 printable ASCII characters");
        }
        return jti;
    }

    private static boolean isPrintable(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text)
                && text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
