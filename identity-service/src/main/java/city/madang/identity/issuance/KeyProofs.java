package city.madang.identity.issuance;

import city.madang.identity.did.DidKeys;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.types.CredentialType;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Proven or attested possession of the keys that credentials are to be bound to (OpenID4VCI 1.0 appendix F).
 *
 * @param keys in the order of the proofs, all different
 * @param nonce the one nonce of all the proofs
 */
record KeyProofs(List<PublicJwk> keys, String nonce) {

    private static final String TYPE = "openid4vci-proof+jwt";

    /** How old a proof may be. */
    private static final long OLDEST_SECONDS = 300;

    /** How far a wallet's clock may be ahead. */
    private static final long AHEAD_SECONDS = 60;

    private static final int LONGEST_CERTIFICATE = 8192;

    KeyProofs {
        keys = List.copyOf(keys);
    }

    /**
     * Checks {@code proofs} of a Credential Request, all but whether the nonce is one of ours.
     *
     * @throws Malformed with the reason, for {@code invalid_proof}
     */
    static KeyProofs check(@Nullable Object proofs, String issuer, KeyAttestations attestations, Instant now)
            throws Malformed {
        if (proofs instanceof Map<?, ?> byType && byType.size() == 1) {
            if (byType.get("jwt") instanceof List<?> jwts
                    && !jwts.isEmpty()
                    && jwts.size() <= CredentialType.LARGEST_BATCH) {
                return jwts(jwts, issuer, attestations, now);
            }
            if (byType.get("attestation") instanceof List<?> one && one.size() == 1) {
                KeyAttestations.Attested attested = attestations.check(one.getFirst(), false);
                return new KeyProofs(attested.keys(), attested.nonce());
            }
        }
        throw new Malformed("proofs must hold either jwt, with 1 to " + CredentialType.LARGEST_BATCH
                + " proofs, or attestation, with one");
    }

    private static KeyProofs jwts(List<?> jwts, String issuer, KeyAttestations attestations, Instant now)
            throws Malformed {
        List<PublicJwk> keys = new ArrayList<>();
        List<PublicJwk> signers = new ArrayList<>();
        @Nullable String common = null;
        for (Object jwt : jwts) {
            if (!(jwt instanceof String text)) {
                throw new Malformed("a proof must be a compact JWS");
            }
            CompactJws proof = CompactJws.parse(text, TYPE);
            KeyAttestations.@Nullable Attested attested = attestation(proof, attestations);
            PublicJwk signer = signerOf(proof, attested);
            String nonce = nonceOf(proof, issuer, now);
            if ((common != null && !common.equals(nonce))
                    || (attested != null && !attested.nonce().equals(nonce))) {
                throw new Malformed("all proofs and attestations must hold the same nonce");
            }
            if (signers.contains(signer)) {
                throw new Malformed("each proof must be of another key");
            }
            signers.add(signer);
            common = nonce;
            (attested == null ? Stream.of(signer) : attested.keys().stream())
                    .filter(key -> !keys.contains(key))
                    .forEach(keys::add);
        }
        if (common == null) {
            throw new Malformed("a proof must hold a nonce");
        }
        return new KeyProofs(keys, common);
    }

    private static KeyAttestations.@Nullable Attested attestation(CompactJws proof, KeyAttestations attestations)
            throws Malformed {
        @Nullable Object jwt = proof.header().get("key_attestation");
        if (jwt == null) {
            if (attestations.isRequired()) {
                throw new Malformed("a key attestation is needed for this credential");
            }
            return null;
        }
        return attestations.check(jwt, true);
    }

    private static PublicJwk signerOf(CompactJws proof, KeyAttestations.@Nullable Attested attested) throws Malformed {
        Map<String, @Nullable Object> header = proof.header();
        if (Stream.of("jwk", "x5c", "kid").filter(header::containsKey).count() != 1) {
            throw new Malformed("a proof must name its key by one of jwk, x5c and kid");
        }
        PublicJwk key;
        if (header.get("kid") instanceof String kid) {
            key = named(kid, attested);
        } else if (header.containsKey("x5c")) {
            key = certified(header.get("x5c"));
        } else {
            key = PublicJwk.parse(header.get("jwk"));
        }
        if (!proof.isSignedBy(key.toKey())) {
            throw new Malformed("a proof is not signed by its key");
        }
        if (attested != null && !attested.keys().contains(key)) {
            throw new Malformed("a proof is signed by a key that its attestation does not hold");
        }
        return key;
    }

    /** A DID URL; or, beside a key attestation, one of its keys. */
    private static PublicJwk named(String kid, KeyAttestations.@Nullable Attested attested) throws Malformed {
        if (kid.startsWith("did:") || attested == null) {
            return DidKeys.resolve(kid);
        }
        return attested.named(kid).orElseThrow(() -> new Malformed("kid of a proof names no key of its attestation"));
    }

    /** The certificate is the way to the key, and says nothing that is relied on. */
    private static PublicJwk certified(@Nullable Object x5c) throws Malformed {
        if (!(x5c instanceof List<?> chain)
                || chain.isEmpty()
                || !(chain.getFirst() instanceof String leaf)
                || leaf.length() > LONGEST_CERTIFICATE) {
            throw new Malformed("x5c of a proof must hold certificates");
        }
        try {
            if (CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(Base64.getDecoder().decode(leaf)))
                            .getPublicKey()
                    instanceof ECPublicKey key) {
                PublicJwk jwk = PublicJwk.of(key);
                return PublicJwk.parse(jwk.toJson());
            }
        } catch (CertificateException | IllegalArgumentException broken) {
            throw new Malformed("x5c of a proof must hold certificates");
        }
        throw new Malformed("the certificate of a proof is not for a P-256 key");
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
