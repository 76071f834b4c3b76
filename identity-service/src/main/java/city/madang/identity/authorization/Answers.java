package city.madang.identity.authorization;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;

/** Answers of the endpoints at which wallets authenticate. */
final class Answers {

    private Answers() {}

    /**
     * Turns a refusal into its answer, and adds a challenge for the next attestation (draft-ietf-oauth-attestation-based-client-auth-07
     * §8.1).
     */
    static Uni<Response> to(Clients clients, Uni<Response> handling) {
        return handling.onFailure(Refusal.class)
                .recoverWithItem(refused -> ((Refusal) refused).error().toResponse())
                .map(response -> Response.fromResponse(response)
                        .header(WalletAttestation.CHALLENGE_HEADER, clients.challenge())
                        .build());
    }
}
