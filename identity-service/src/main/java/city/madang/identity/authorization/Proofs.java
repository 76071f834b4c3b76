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

    /** A proof that is right as far as that can be told without having remembered anything. */
    record Shown(DpopProof proof, DpopNonces.Fresh fresh) {}

    /** Reads the proof of a request, if there is one; uses nothing up. */
    Optional<Shown> read(List<String> headers, String url) {
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        try {
            DpopProof proof = DpopProof.check(headers, HttpMethod.POST, url, Instant.now());
            return Optional.of(new Shown(proof, nonces.fresh(proof.nonce()).orElseThrow(Proofs::nonceNeeded)));
        } catch (Malformed malformed) {
            throw Refusal.of(INVALID, String.valueOf(malformed.getMessage()));
        }
    }

    /** Thumbprint of the proven key; the proof is used up now. */
    Uni<String> use(Shown shown) {
        return usedOnce.use(shown.proof().once(shown.fresh())).map(use -> switch (use) {
            case FIRST -> shown.proof().jkt();
            case AGAIN -> throw Refusal.of(INVALID, "the proof was used before");
            case FORGOTTEN -> throw nonceNeeded();
        });
    }

    /** RFC 9449 §8. */
    private static Refusal nonceNeeded() {
        return Refusal.of("use_dpop_nonce", "the proof must hold a nonce from here");
    }
}
