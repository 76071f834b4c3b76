package city.madang.identity.issuance;

import city.madang.identity.authorization.OffersDpopNonce;
import com.fasterxml.jackson.annotation.JsonProperty;
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

/** {@code POST /identity/nonce}: the Nonce Endpoint (OpenID4VCI 1.0 clause 7). */
@Path("/identity/nonce")
@OffersDpopNonce
@Produces(MediaType.APPLICATION_JSON)
public class NonceResource {

    private final Nonces nonces;

    NonceResource(Nonces nonces) {
        this.nonces = nonces;
    }

    /** The Nonce Response (OpenID4VCI 1.0 §7.2). */
    @Schema(name = "NonceResponse", additionalProperties = Schema.True.class)
    record Nonce(@NotNull @JsonProperty("c_nonce") String value) {}

    @POST
    @NonBlocking
    @PermitAll
    @Operation(summary = "A nonce for key proofs, good once; the header DPoP-Nonce holds one for the next DPoP proof")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Nonce.class),
                            examples = @ExampleObject(name = "nonce", value = Examples.NONCE)))
    public RestResponse<Nonce> create() {
        return RestResponse.ResponseBuilder.ok(new Nonce(nonces.create()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
