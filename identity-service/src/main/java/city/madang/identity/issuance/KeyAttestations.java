package city.madang.identity.issuance;

import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.types.KeyAttestation;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks key attestations in JWT format (OpenID4VCI 1.0 appendix D.1) that a trusted wallet provider has signed. */
final class KeyAttestations {

    private static final String TYPE = "key-attestation+jwt";

    /** Keys in one attestation; credentials are issued for as many of them as a batch may have. */
    private static final int MOST_KEYS = 50;

    /** How far a wallet provider's clock may be ahead. */
    private static final long AHEAD_SECONDS = 60;

    private final ProviderTrust trust;
    private final @Nullable KeyAttestation required;
    private final Instant now;

    /** Finds the certificate that a chain of a trusted wallet provider certifies, or refuses the chain. */
    @FunctionalInterface
    interface ProviderTrust {
        X509Certificate leafOf(@Nullable Object x5c) throws Malformed;
    }

    /** @param required what must be attested, if anything */
    KeyAttestations(ProviderTrust trust, @Nullable KeyAttestation required, Instant now) {
        this.trust = trust;
        this.required = required;
        this.now = now;
    }

    boolean isRequired() {
        return required != null;
    }

    /**
     * Keys that a wallet provider vouches for.
     *
     * @param keys all different, in the attestation's order
     * @param names the {@code kid} of each key's JWK, or its position
     * @param nonce the {@code c_nonce} that shows it to be fresh
     */
    record Attested(List<PublicJwk> keys, List<String> names, String nonce) {

        Optional<PublicJwk> named(String name) {
            int position = names.indexOf(name);
            return position < 0 ? Optional.empty() : Optional.of(keys.get(position));
        }
    }

    /**
     * Checks an attestation, all but whether the nonce is one of ours.
     *
     * @param expiring whether it must say when it ends, as it must with a {@code jwt} proof
     * @throws Malformed with the reason, for {@code invalid_proof}
     */
    Attested check(@Nullable Object jwt, boolean expiring) throws Malformed {
        if (!(jwt instanceof String text)) {
            throw new Malformed("a key attestation must be a compact JWS");
        }
        CompactJws attestation = CompactJws.parse(text, TYPE);
        X509Certificate provider = trust.leafOf(attestation.header().get("x5c"));
        if (!(provider.getPublicKey() instanceof ECPublicKey key) || !attestation.isSignedBy(key)) {
            throw new Malformed("the key attestation is not signed by its wallet provider");
        }
        checkTimes(attestation.payload(), expiring);
        checkLevels(attestation.payload());
        if (!(attestation.payload().get("nonce") instanceof String nonce)) {
            throw new Malformed("the key attestation must hold a nonce");
        }
        return keys(attestation.payload().get("attested_keys"), nonce);
    }

    private void checkTimes(Map<String, @Nullable Object> payload, boolean expiring) throws Malformed {
        long seconds = now.getEpochSecond();
        if (!(payload.get("iat") instanceof Number iat) || iat.longValue() > seconds + AHEAD_SECONDS) {
            throw new Malformed("the key attestation has no iat, or one from the future");
        }
        @Nullable Object exp = payload.get("exp");
        if (exp == null && !expiring) {
            return;
        }
        if (!(exp instanceof Number end) || seconds >= end.longValue()) {
            throw new Malformed("the key attestation has no exp, or has expired");
        }
    }

    private void checkLevels(Map<String, @Nullable Object> payload) throws Malformed {
        if (required == null) {
            return;
        }
        checkLevel(required.keyStorage(), payload.get("key_storage"), "key_storage");
        checkLevel(required.userAuthentication(), payload.get("user_authentication"), "user_authentication");
    }

    private static void checkLevel(List<String> accepted, @Nullable Object attested, String name) throws Malformed {
        if (!accepted.isEmpty()
                && (!(attested instanceof List<?> levels) || levels.stream().noneMatch(accepted::contains))) {
            throw new Malformed("the key attestation does not reach the needed " + name);
        }
    }

    private static Attested keys(@Nullable Object attested, String nonce) throws Malformed {
        if (!(attested instanceof List<?> list) || list.isEmpty() || list.size() > MOST_KEYS) {
            throw new Malformed("attested_keys must hold 1 to " + MOST_KEYS + " keys");
        }
        List<PublicJwk> keys = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Object jwk : list) {
            PublicJwk key = PublicJwk.parse(jwk);
            if (keys.contains(key)) {
                throw new Malformed("each attested key must be another one");
            }
            names.add(
                    jwk instanceof Map<?, ?> json && json.get("kid") instanceof String kid
                            ? kid
                            : String.valueOf(keys.size()));
            keys.add(key);
        }
        return new Attested(keys, names, nonce);
    }
}
