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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/notification}: the Notification Endpoint (OpenID4VCI 1.0 clause 11). */
@Path("/identity/notification")
@OffersDpopNonce
@Produces(MediaType.APPLICATION_JSON)
public class NotificationResource {

    private static final Set<String> EVENTS = Set.of("credential_accepted", "credential_failure", "credential_deleted");

    private final WalletEndpoint endpoint;
    private final Issuances issuances;

    NotificationResource(WalletEndpoint endpoint, Issuances issuances) {
        this.endpoint = endpoint;
        this.issuances = issuances;
    }

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Tell what became of issued credentials in the wallet")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class),
                            examples = @ExampleObject(name = "stored", value = Examples.NOTIFICATION)))
    @APIResponse(responseCode = "204", description = "Noted, now or before")
    @APIResponse(
            responseCode = "400",
            description = "A Notification Error (OpenID4VCI 1.0 §11.3)",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "unknown", value = Examples.INVALID_NOTIFICATION)))
    @APIResponse(
            responseCode = "401",
            description = "The access token or its DPoP proof is not right; WWW-Authenticate says how",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "token", value = Examples.INVALID_TOKEN)))
    public Uni<Response> notify(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(DpopProof.HEADER) List<String> dpop,
            @Nullable String body) {
        return endpoint.authorized(
                new WalletEndpoint.Credentials(authorization, dpop),
                "/notification",
                access -> note(access, body == null ? "" : body));
    }

    private Uni<Response> note(AccessTokens.Checked.Good access, String body) {
        Map<String, @Nullable Object> request;
        try {
            request = StrictJson.object(body);
        } catch (Malformed notJson) {
            return refused("invalid_notification_request", "the request must be a JSON object");
        }
        if (!(request.get("notification_id") instanceof String id)
                || !(request.get("event") instanceof String event)
                || !EVENTS.contains(event)) {
            return refused("invalid_notification_request", "notification_id and one of the known events are needed");
        }
        Optional<UUID> issuance = issuance(id);
        if (issuance.isEmpty()) {
            return refused("invalid_notification_id", "there is no such issuance under this grant");
        }
        return issuances
                .notified(issuance.get(), access.grant().id(), event)
                .chain(found -> found
                        ? Uni.createFrom().item(Response.noContent().build())
                        : refused("invalid_notification_id", "there is no such issuance under this grant"));
    }

    private static Optional<UUID> issuance(String id) {
        try {
            UUID parsed = UUID.fromString(id);
            return parsed.toString().equals(id) ? Optional.of(parsed) : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static Uni<Response> refused(String code, String description) {
        return Uni.createFrom().item(OpenIdError.badRequest(code, description).toResponse());
    }
}
