package city.madang.identity.issuance;

import city.madang.identity.authorization.DpopProof;
import city.madang.identity.authorization.OffersDpopNonce;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/credential}: the Credential Endpoint (OpenID4VCI 1.0 clause 8). */
@Path("/identity/credential")
@OffersDpopNonce
@Produces({MediaType.APPLICATION_JSON, WalletEndpoint.JWT})
public class CredentialResource {

    private final WalletEndpoint endpoint;
    private final IssueCredential issueCredential;

    CredentialResource(WalletEndpoint endpoint, IssueCredential issueCredential) {
        this.endpoint = endpoint;
        this.issueCredential = issueCredential;
    }

    @POST
    @PermitAll
    @Consumes({MediaType.APPLICATION_JSON, WalletEndpoint.JWT})
    @Operation(summary = "Issue a credential, bound to the keys that the proofs show; the body may be a JWE")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class),
                            examples = {
                                @ExampleObject(name = "jwt proofs", value = Examples.CREDENTIAL_REQUEST),
                                @ExampleObject(name = "key attestation", value = Examples.ATTESTED_REQUEST)
                            }))
    @APIResponse(
            responseCode = "200",
            description = "Issued",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = CredentialResponse.class),
                        examples = @ExampleObject(name = "issued", value = Examples.CREDENTIAL_RESPONSE)),
                @Content(
                        mediaType = WalletEndpoint.JWT,
                        schema = @Schema(implementation = String.class, description = CredentialResponse.ENCRYPTED),
                        examples = @ExampleObject(name = "encrypted", value = Examples.ENCRYPTED_RESPONSE))
            })
    @APIResponse(
            responseCode = "202",
            description = "The agency has to decide first",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = DeferredResponse.class),
                        examples = @ExampleObject(name = "deferred", value = Examples.DEFERRED_RESPONSE)),
                @Content(
                        mediaType = WalletEndpoint.JWT,
                        schema = @Schema(implementation = String.class, description = DeferredResponse.ENCRYPTED),
                        examples = @ExampleObject(name = "encrypted", value = Examples.ENCRYPTED_RESPONSE))
            })
    @APIResponse(
            responseCode = "400",
            description = "A Credential Request Error (OpenID4VCI 1.0 §8.3.1.2)",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "nonce", value = Examples.INVALID_NONCE)))
    @APIResponse(
            responseCode = "401",
            description = "The access token or its DPoP proof is not right; WWW-Authenticate says how",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "token", value = Examples.INVALID_TOKEN)))
    @APIResponse(responseCode = "403", description = "The access token is not for this credential (insufficient_scope)")
    public Uni<Response> issue(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(DpopProof.HEADER) List<String> dpop,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            @Nullable String body) {
        return endpoint.unspent(
                new WalletEndpoint.Credentials(authorization, dpop), "/credential", access -> endpoint.read(
                                contentType, body)
                        .map(read -> CredentialRequest.read(read, access.grant()))
                        .chain(request -> issueCredential
                                .issue(access, request)
                                .chain(answer -> endpoint.respond(
                                        answer,
                                        request instanceof CredentialRequest.Good good ? good.recipient() : null))));
    }
}
