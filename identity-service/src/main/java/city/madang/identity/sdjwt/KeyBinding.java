package city.madang.identity.sdjwt;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The holder's signature over a presentation (RFC 9901 §4.3).
 *
 * @param jwt the KB-JWT
 * @param bound the presentation up to and with the last tilde
 */
public record KeyBinding(CompactJws jwt, String bound) {

    /** How long ago a holder may have signed. */
    private static final long OLDEST_SECONDS = 300;

    /** @throws Malformed unless the holder whom the issuer names signed just these disclosures, just now */
    public void check(Map<String, @Nullable Object> issued, Instant now) throws Malformed {
        @Nullable Object holder = issued.get("cnf") instanceof Map<?, ?> cnf ? cnf.get("jwk") : null;
        if (!jwt.isSignedBy(PublicJwk.parse(holder).toKey())) {
            throw new Malformed("the key binding is not signed by the holder's key");
        }
        String hash = Base64Url.encode(Sha256.of(bound.getBytes(StandardCharsets.US_ASCII)));
        if (!says("sd_hash", hash)) {
            throw new Malformed("the key binding is for other disclosures");
        }
        long age = now.getEpochSecond() - Validity.seconds(jwt.payload(), "iat");
        if (age > OLDEST_SECONDS || age < -Validity.SKEW_SECONDS) {
            throw new Malformed("iat of the key binding is too far from now");
        }
        if (jwt.payload().containsKey("exp")
                && now.getEpochSecond() >= Validity.seconds(jwt.payload(), "exp") + Validity.SKEW_SECONDS) {
            throw new Malformed("the key binding has expired");
        }
    }

    /** @throws Malformed unless it was signed for this request */
    public void checkNonce(String nonce) throws Malformed {
        if (!says("nonce", nonce)) {
            throw new Malformed("the key binding is for another nonce");
        }
    }

    /**
     * @param clientId the verifier's whole client identifier, with its prefix
     * @throws Malformed unless it was signed for this verifier
     */
    public void checkAudience(String clientId) throws Malformed {
        if (!says("aud", clientId)) {
            throw new Malformed("the key binding is for another verifier");
        }
    }

    private boolean says(String name, String expected) {
        return jwt.payload().get(name) instanceof String text
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }
}
