package city.madang.identity.authorization;

import city.madang.identity.jose.Malformed;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Checks DPoP proofs at the authorization server's own endpoints (RFC 9449 §5, §10.1). */
@ApplicationScoped
class Proofs {

    private static final String INVALID = "invalid_dpop_proof";

    private final DpopNonces nonces;
    private final UsedOnce usedOnce;

    Proofs(DpopNonces nonces, UsedOnce usedOnce) {
        this.nonces = nonces;
        this.usedOnce = usedOnce;
    }

    /** Thumbprint of the key that a request proves, if it does; the proof is used up. */
    Uni<Optional<String>> key(List<String> headers, String url) {
        if (headers.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        DpopProof proof;
        try {
            proof = DpopProof.check(headers, HttpMethod.POST, url, Instant.now());
        } catch (Malformed malformed) {
            return Uni.createFrom().failure(Refusal.of(INVALID, String.valueOf(malformed.getMessage())));
        }
        Optional<DpopNonces.Fresh> fresh = nonces.fresh(proof.nonce());
        if (fresh.isEmpty()) {
            return Uni.createFrom().failure(nonceNeeded());
        }
        return usedOnce.use(proof.onceSha256(), fresh.get().from(), fresh.get().until())
                .map(use -> switch (use) {
                    case FIRST -> Optional.of(proof.jkt());
                    case AGAIN -> throw Refusal.of(INVALID, "the proof was used before");
                    case FORGOTTEN -> throw nonceNeeded();
                });
    }

    /** RFC 9449 §8. */
    private static Refusal nonceNeeded() {
        return Refusal.of("use_dpop_nonce", "the proof must hold a nonce from here");
    }
}
