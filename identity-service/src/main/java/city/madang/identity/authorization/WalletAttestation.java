package city.madang.identity.authorization;

import city.madang.identity.certificates.TrustAnchor;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A wallet that its provider vouches for, and the proof that it holds the attested key (draft-ietf-oauth-attestation-based-client-auth-07
 * §5 and §6, OpenID4VCI 1.0 appendix E, HAIP 1.0 §4.4.1). Whether the challenge is fresh and whether the proof was used before is
 * not known yet.
 *
 * @param clientId {@code sub}: shared by all instances of the wallet
 * @param name {@code wallet_name}, if the provider states one
 * @param jkt thumbprint of the instance's key
 * @param challenge what the wallet says the server gave it
 * @param issuedAt of the proof
 * @param onceSha256 names the proof among all of this key
 */
record WalletAttestation(
        String clientId,
        @Nullable String name,
        String jkt,
        @Nullable String challenge,
        Instant issuedAt,
        String onceSha256) {

    static final String HEADER = "OAuth-Client-Attestation";
    static final String PROOF_HEADER = "OAuth-Client-Attestation-PoP";
    static final String CHALLENGE_HEADER = "OAuth-Client-Attestation-Challenge";

    /** Name of the client authentication method. */
    static final String METHOD = "attest_jwt_client_auth";

    /** How old a proof may be. */
    static final long OLDEST_SECONDS = 300;

    private static final String TYPE = "oauth-client-attestation+jwt";
    private static final String PROOF_TYPE = "oauth-client-attestation-pop+jwt";

    /** How far a clock may be off. */
    private static final long SKEW_SECONDS = 60;

    private static final int LONGEST_CLIENT_ID = 500;
    private static final int LONGEST_JTI = 256;
    private static final int LONGEST_NAME = 100;

    /**
     * Reads both headers.
     *
     * @throws Malformed with the reason, for {@code invalid_client}
     */
    static WalletAttestation check(
            List<String> attestations, List<String> proofs, WalletProviders providers, String issuer, Instant now)
            throws Malformed {
        if (attestations.size() != 1 || proofs.size() != 1) {
            throw new Malformed("there must be one attestation and one proof of its key");
        }
        CompactJws attestation = CompactJws.parse(attestations.getFirst(), TYPE);
        if (!attestation.isSignedBy(
                TrustAnchor.keyOf(providers.leafOf(attestation.header().get("x5c"))))) {
            throw new Malformed("the attestation is not signed by its certificate");
        }
        Map<String, @Nullable Object> claims = attestation.payload();
        validity(claims, now);
        if (!(claims.get("iss") instanceof String)) {
            throw new Malformed("iss of the attestation is missing");
        }
        if (!(claims.get("sub") instanceof String clientId)
                || clientId.isEmpty()
                || clientId.length() > LONGEST_CLIENT_ID) {
            throw new Malformed("sub of the attestation must be the client id");
        }
        PublicJwk key = PublicJwk.parse(claims.get("cnf") instanceof Map<?, ?> cnf ? cnf.get("jwk") : null);
        return proof(CompactJws.parse(proofs.getFirst(), PROOF_TYPE), key, clientId, name(claims), issuer, now);
    }

    private static WalletAttestation proof(
            CompactJws proof, PublicJwk key, String clientId, @Nullable String name, String issuer, Instant now)
            throws Malformed {
        if (!proof.isSignedBy(key.toKey())) {
            throw new Malformed("the proof is not signed by the attested key");
        }
        Map<String, @Nullable Object> claims = proof.payload();
        if (!clientId.equals(claims.get("iss"))) {
            throw new Malformed("iss of the proof must be the client id");
        }
        if (!issuer.equals(claims.get("aud")) && !List.of(issuer).equals(claims.get("aud"))) {
            throw new Malformed("aud of the proof must be this authorization server");
        }
        if (!(claims.get("jti") instanceof String jti) || jti.isEmpty() || jti.length() > LONGEST_JTI) {
            throw new Malformed("jti of the proof is missing or too long");
        }
        if (!(claims.get("iat") instanceof Number iat)) {
            throw new Malformed("iat of the proof is missing");
        }
        long age = now.getEpochSecond() - iat.longValue();
        if (age > OLDEST_SECONDS || age < -SKEW_SECONDS) {
            throw new Malformed("iat of the proof is too far from now");
        }
        if (claims.get("nbf") instanceof Number nbf && nbf.longValue() > now.getEpochSecond() + SKEW_SECONDS) {
            throw new Malformed("the proof is not valid yet");
        }
        if (claims.get("exp") instanceof Number exp && exp.longValue() <= now.getEpochSecond()) {
            throw new Malformed("the proof has expired");
        }
        String jkt = key.thumbprint();
        return new WalletAttestation(
                clientId,
                name,
                jkt,
                claims.get("challenge") instanceof String challenge ? challenge : null,
                Instant.ofEpochSecond(iat.longValue()),
                Sha256.hex("attestation " + jkt + ' ' + jti));
    }

    private static void validity(Map<String, @Nullable Object> claims, Instant now) throws Malformed {
        long seconds = now.getEpochSecond();
        if (!(claims.get("exp") instanceof Number exp) || exp.longValue() <= seconds) {
            throw new Malformed("the attestation has expired, or does not say when it does");
        }
        if (claims.get("nbf") instanceof Number nbf && nbf.longValue() > seconds + SKEW_SECONDS) {
            throw new Malformed("the attestation is not valid yet");
        }
        if (claims.get("iat") instanceof Number iat && iat.longValue() > seconds + SKEW_SECONDS) {
            throw new Malformed("the attestation was issued in the future");
        }
    }

    private static @Nullable String name(Map<String, @Nullable Object> claims) {
        return claims.get("wallet_name") instanceof String name && name.length() <= LONGEST_NAME ? name : null;
    }
}
