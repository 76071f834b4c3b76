package city.madang.identity.sdjwt;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks an SD-JWT VC with key binding (RFC 9901 §7.3, SD-JWT VC, HAIP 1.0 clause 6). */
public final class SdJwtPresentation {

    private static final int LONGEST = 64 * 1024;

    /** How long ago a holder may have signed the key binding. */
    private static final long OLDEST_SECONDS = 300;

    /** How far clocks may differ. */
    private static final long SKEW_SECONDS = 60;

    private SdJwtPresentation() {}

    /** Finds the certificate that a chain certifies, or refuses the chain. */
    @FunctionalInterface
    public interface ChainTrust {
        X509Certificate leafOf(@Nullable Object x5c) throws Malformed;
    }

    /**
     * What the holder must have signed.
     *
     * @param audience the verifier's whole client identifier
     */
    public record Binding(String nonce, String audience) {}

    /** @throws Malformed with the reason, if anything at all is wrong */
    public static Presented check(String text, Binding binding, ChainTrust trust, Instant now) throws Malformed {
        if (text.length() > LONGEST) {
            throw new Malformed("the presentation is too long");
        }
        int end = text.lastIndexOf('~');
        if (end < 0 || end == text.length() - 1) {
            throw new Malformed("the presentation has no key binding");
        }
        String bound = text.substring(0, end + 1);
        List<String> parts = List.of(bound.substring(0, end).split("~", -1));

        CompactJws credential = CompactJws.parse(parts.getFirst(), "dc+sd-jwt");
        X509Certificate issuer = trust.leafOf(credential.header().get("x5c"));
        if (!(issuer.getPublicKey() instanceof ECPublicKey issuerKey) || !credential.isSignedBy(issuerKey)) {
            throw new Malformed("the credential is not signed by its issuer");
        }
        checkTimes(credential.payload(), now);
        checkKeyBinding(text.substring(end + 1), credential.payload(), bound, binding, now);

        Disclosures disclosures = new Disclosures(parts.subList(1, parts.size()));
        Map<String, @Nullable Object> claims = disclosures.applyTo(credential.payload());
        if (!(claims.get("vct") instanceof String vct)) {
            throw new Malformed("the credential has no vct");
        }
        return new Presented(vct, claims, disclosures.paths(), issuer);
    }

    private static void checkTimes(Map<String, @Nullable Object> payload, Instant now) throws Malformed {
        long seconds = now.getEpochSecond();
        if (payload.containsKey("exp") && seconds >= seconds(payload, "exp") + SKEW_SECONDS) {
            throw new Malformed("the credential has expired");
        }
        if (payload.containsKey("nbf") && seconds < seconds(payload, "nbf") - SKEW_SECONDS) {
            throw new Malformed("the credential is not valid yet");
        }
        if (payload.containsKey("iat") && seconds < seconds(payload, "iat") - SKEW_SECONDS) {
            throw new Malformed("the credential is from the future");
        }
    }

    private static void checkKeyBinding(
            String text, Map<String, @Nullable Object> payload, String bound, Binding expected, Instant now)
            throws Malformed {
        CompactJws proof = CompactJws.parse(text, "kb+jwt");
        @Nullable Object holder = payload.get("cnf") instanceof Map<?, ?> cnf ? cnf.get("jwk") : null;
        if (!proof.isSignedBy(PublicJwk.parse(holder).toKey())) {
            throw new Malformed("the key binding is not signed by the holder's key");
        }
        if (!sameText(expected.nonce(), proof.payload().get("nonce"))) {
            throw new Malformed("the key binding is for another nonce");
        }
        if (!sameText(expected.audience(), proof.payload().get("aud"))) {
            throw new Malformed("the key binding is for another verifier");
        }
        long age = now.getEpochSecond() - seconds(proof.payload(), "iat");
        if (age > OLDEST_SECONDS || age < -SKEW_SECONDS) {
            throw new Malformed("iat of the key binding is too far from now");
        }
        String hash = Base64Url.encode(Sha256.of(bound.getBytes(StandardCharsets.US_ASCII)));
        if (!sameText(hash, proof.payload().get("sd_hash"))) {
            throw new Malformed("the key binding is for other disclosures");
        }
    }

    private static long seconds(Map<String, @Nullable Object> payload, String name) throws Malformed {
        if (payload.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new Malformed(name + " must be a number");
    }

    private static boolean sameText(String expected, @Nullable Object actual) {
        return actual instanceof String text
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }
}
