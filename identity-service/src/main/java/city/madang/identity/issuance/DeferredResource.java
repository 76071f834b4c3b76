package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessTokens;
import city.madang.identity.authorization.DpopProof;
import city.madang.identity.authorization.OffersDpopNonce;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.problem.OpenIdError;
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
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/deferred-credential}: the Deferred Credential Endpoint (OpenID4VCI 1.0 clause 9). */
@Path("/identity/deferred-credential")
@OffersDpopNonce
@Produces({MediaType.APPLICATION_JSON, WalletEndpoint.JWT})
public class DeferredResource {

    private final WalletEndpoint endpoint;
    private final FetchDeferred fetchDeferred;

    DeferredResource(WalletEndpoint endpoint, FetchDeferred fetchDeferred) {
        this.endpoint = endpoint;
        this.fetchDeferred = fetchDeferred;
    }

    @POST
    @PermitAll
    @Consumes({MediaType.APPLICATION_JSON, WalletEndpoint.JWT})
    @Operation(summary = "Fetch a deferred credential, or hear that its agency has not decided; the body may be a JWE")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class),
                            examples = @ExampleObject(name = "fetch", value = Examples.DEFERRED_REQUEST)))
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
            description = "Not decided yet",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = DeferredResponse.class),
                        examples = @ExampleObject(name = "pending", value = Examples.DEFERRED_RESPONSE)),
                @Content(
                        mediaType = WalletEndpoint.JWT,
                        schema = @Schema(implementation = String.class, description = DeferredResponse.ENCRYPTED),
                        examples = @ExampleObject(name = "encrypted", value = Examples.ENCRYPTED_RESPONSE))
            })
    @APIResponse(
            responseCode = "400",
            description = "A Deferred Credential Error (OpenID4VCI 1.0 §9.3)",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "unknown", value = Examples.INVALID_TRANSACTION)))
    @APIResponse(
            responseCode = "401",
            description = "The access token or its DPoP proof is not right; WWW-Authenticate says how",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "token", value = Examples.INVALID_TOKEN)))
    public Uni<Response> fetch(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(DpopProof.HEADER) List<String> dpop,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            @Nullable String body) {
        return endpoint.authorized(
                new WalletEndpoint.Credentials(authorization, dpop),
                "/deferred-credential",
                access -> endpoint.read(contentType, body).chain(read -> switch (read) {
                    case WalletEndpoint.Read.Message message -> fetch(access, message);
                    case WalletEndpoint.Read.Bad bad ->
                        Uni.createFrom().item(bad.error().toResponse());
                }));
    }

    private Uni<Response> fetch(AccessTokens.Checked.Good access, WalletEndpoint.Read.Message message) {
        Map<String, @Nullable Object> request;
        try {
            request = StrictJson.object(message.json());
        } catch (Malformed notJson) {
            return refused("invalid_credential_request", "the request must be a JSON object");
        }
        if (!(request.get("transaction_id") instanceof String transaction)) {
            return refused("invalid_credential_request", "transaction_id is missing");
        }
        try {
            MessageEncryption.@Nullable Recipient recipient = CredentialRequest.recipient(request, message.encrypted());
            return fetchDeferred.fetch(access, transaction).chain(answer -> endpoint.respond(answer, recipient));
        } catch (Malformed refused) {
            return refused("invalid_encryption_parameters", String.valueOf(refused.getMessage()));
        }
    }

    private static Uni<Response> refused(String code, String description) {
        return Uni.createFrom().item(OpenIdError.badRequest(code, description).toResponse());
    }
}
