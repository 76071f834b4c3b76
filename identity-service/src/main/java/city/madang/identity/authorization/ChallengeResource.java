package city.madang.identity.authorization;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code POST /identity/challenge} (draft-ietf-oauth-attestation-based-client-auth-07 §8). */
@Path("/identity/challenge")
@Produces(MediaType.APPLICATION_JSON)
@OffersDpopNonce
public class ChallengeResource {

    private final Clients clients;

    ChallengeResource(Clients clients) {
        this.clients = clients;
    }

    /** The answer (draft-ietf-oauth-attestation-based-client-auth-07 §8). */
    @Schema(name = "AttestationChallenge", additionalProperties = Schema.True.class)
    record Challenge(@NotNull String attestationChallenge) {}

    @POST
    @NonBlocking
    @PermitAll
    @Operation(summary = "A challenge for the proof of a wallet attestation's key")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Challenge.class),
                            examples = @ExampleObject(name = "challenge", value = Examples.CHALLENGE)))
    public RestResponse<Challenge> create() {
        return RestResponse.ResponseBuilder.ok(new Challenge(clients.challenge()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
