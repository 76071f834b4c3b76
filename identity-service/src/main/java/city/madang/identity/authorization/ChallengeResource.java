package city.madang.identity.authorization;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code POST /identity/challenge} (draft-ietf-oauth-attestation-based-client-auth-07 §8). */
@Path("/identity/challenge")
@Produces(MediaType.APPLICATION_JSON)
@OffersDpopNonce
public class ChallengeResource {

    private final Clients clients;

    ChallengeResource(Clients clients) {
        this.clients = clients;
    }

    @POST
    @NonBlocking
    @PermitAll
    @Operation(summary = "A challenge for the proof of a wallet attestation's key")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "challenge", value = Examples.CHALLENGE)))
    public Response create() {
        return Response.ok(Map.of("attestation_challenge", clients.challenge()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
