package city.madang.identity.authorization;

import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.offers.CredentialOffer;
import city.madang.identity.problem.OpenIdError;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/token}: the Token Endpoint (RFC 6749 §3.2, OpenID4VCI 1.0 clause 6). */
@Path("/identity/token")
@Produces(MediaType.APPLICATION_JSON)
@OffersDpopNonce
public class TokenResource {

    private final PreAuthorizedExchange preAuthorized;

    TokenResource(PreAuthorizedExchange preAuthorized) {
        this.preAuthorized = preAuthorized;
    }

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "Exchange a code for an access token")
    public Uni<Response> token(@Nullable String body) {
        Map<String, String> form;
        try {
            form = FormBody.parse(body == null ? "" : body);
        } catch (Malformed malformed) {
            return refused("invalid_request", String.valueOf(malformed.getMessage()));
        }
        @Nullable String grant = form.get("grant_type");
        if (grant == null) {
            return refused("invalid_request", "grant_type is missing");
        }
        return switch (grant) {
            case CredentialOffer.PRE_AUTHORIZED_CODE ->
                preAuthorized.exchange(form).map(TokenAnswer::response);
            default -> refused("unsupported_grant_type", "this grant is not taken");
        };
    }

    private static Uni<Response> refused(String code, String description) {
        return Uni.createFrom().item(OpenIdError.badRequest(code, description).toResponse());
    }
}
