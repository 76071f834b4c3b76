package city.madang.identity.issuance;

import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proven possession of the keys that credentials are to be bound to (OpenID4VCI 1.0 appendix F.1, {@code jwt} proofs).
 *
 * @param keys in the order of the proofs, all different
 * @param nonce the one nonce of all the proofs
 */
record KeyProofs(List<PublicJwk> keys, String nonce) {

    /** Credentials in one batch. */
    static final int MOST = 10;

    private static final String TYPE = "openid4vci-proof+jwt";

    /** How old a proof may be. */
    private static final long OLDEST_SECONDS = 300;

    /** How far a wallet's clock may be ahead. */
    private static final long AHEAD_SECONDS = 60;

    /**
     * Checks {@code proofs} of a Credential Request, all but whether the nonce is one of ours.
     *
     * @throws Malformed with the reason, for {@code invalid_proof}
     */
    static KeyProofs check(@Nullable Object proofs, String issuer, Instant now) throws Malformed {
        if (!(proofs instanceof Map<?, ?> byType)
                || byType.size() != 1
                || !(byType.get("jwt") instanceof List<?> jwts)
                || jwts.isEmpty()
                || jwts.size() > MOST) {
            throw new Malformed("proofs must hold jwt, with 1 to " + MOST + " proofs");
        }
        List<PublicJwk> keys = new ArrayList<>();
        @Nullable String common = null;
        for (Object jwt : jwts) {
            if (!(jwt instanceof String text)) {
                throw new Malformed("a proof must be a compact JWS");
            }
            CompactJws proof = CompactJws.parse(text, TYPE);
            PublicJwk key = keyOf(proof);
            if (keys.contains(key)) {
                throw new Malformed("each proof must be of another key");
            }
            String nonce = nonceOf(proof, issuer, now);
            if (common != null && !common.equals(nonce)) {
                throw new Malformed("all proofs must hold the same nonce");
            }
            common = nonce;
            keys.add(key);
        }
        if (common == null) {
            throw new Malformed("a proof must hold a nonce");
        }
        return new KeyProofs(List.copyOf(keys), common);
    }

    List<String> thumbprints() {
        return keys.stream().map(PublicJwk::thumbprint).toList();
    }

    private static PublicJwk keyOf(CompactJws proof) throws Malformed {
        if (proof.header().containsKey("kid") || proof.header().containsKey("x5c")) {
            throw new Malformed("a proof must name its key by jwk alone");
        }
        PublicJwk key = PublicJwk.parse(proof.header().get("jwk"));
        if (!proof.isSignedBy(key.toKey())) {
            throw new Malformed("a proof is not signed by its key");
        }
        return key;
    }

    private static String nonceOf(CompactJws proof, String issuer, Instant now) throws Malformed {
        Map<String, @Nullable Object> claims = proof.payload();
        if (!issuer.equals(claims.get("aud")) && !List.of(issuer).equals(claims.get("aud"))) {
            throw new Malformed("aud of a proof must be this Credential Issuer");
        }
        if (!(claims.get("iat") instanceof Number iat)) {
            throw new Malformed("a proof must hold iat");
        }
        long age = now.getEpochSecond() - iat.longValue();
        if (age > OLDEST_SECONDS || age < -AHEAD_SECONDS) {
            throw new Malformed("iat of a proof is too far from now");
        }
        if (!(claims.get("nonce") instanceof String nonce)) {
            throw new Malformed("a proof must hold a nonce");
        }
        return nonce;
    }
}
