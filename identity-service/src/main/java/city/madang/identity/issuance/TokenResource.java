package city.madang.identity.issuance;

import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.offers.CredentialOffer;
import city.madang.identity.offers.Redemption;
import city.madang.identity.problem.OpenIdError;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/token}: the Token Endpoint for pre-authorized codes (OpenID4VCI 1.0 clause 6). */
@Path("/identity/token")
@Produces(MediaType.APPLICATION_JSON)
public class TokenResource {

    private static final String DETAILS_TYPE = "openid_credential";

    /** RFC 9396 §5. */
    private static final String INVALID_DETAILS = "invalid_authorization_details";

    private final Redemption redemption;

    TokenResource(Redemption redemption) {
        this.redemption = redemption;
    }

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "Exchange a pre-authorized code for an access token")
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
        if (!CredentialOffer.PRE_AUTHORIZED_CODE.equals(grant)) {
            return refused("unsupported_grant_type", "only the pre-authorized code is taken");
        }
        @Nullable String code = form.get("pre-authorized_code");
        if (code == null) {
            return refused("invalid_request", "pre-authorized_code is missing");
        }
        @Nullable String identifierFor;
        try {
            identifierFor = identifierFor(form.get("authorization_details"));
        } catch (Malformed malformed) {
            return refused(INVALID_DETAILS, String.valueOf(malformed.getMessage()));
        }
        return redemption
                .redeem(code, form.get("tx_code"), identifierFor)
                .map(outcome -> answer(outcome, identifierFor != null));
    }

    /** The {@code credential_configuration_id} of an {@code authorization_details} (RFC 9396), if there is one. */
    private static @Nullable String identifierFor(@Nullable String details) throws Malformed {
        if (details == null) {
            return null;
        }
        List<@Nullable Object> all = StrictJson.array(details);
        if (all.size() == 1
                && all.getFirst() instanceof Map<?, ?> one
                && DETAILS_TYPE.equals(one.get("type"))
                && one.get("credential_configuration_id") instanceof String id) {
            return id;
        }
        throw new Malformed("authorization_details must hold one openid_credential");
    }

    private static Response answer(Redemption.Outcome outcome, boolean withIdentifier) {
        return switch (outcome) {
            case Redemption.Outcome.Token token -> {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("access_token", token.token());
                json.put("token_type", "Bearer");
                json.put("expires_in", token.expiresInSeconds());
                if (withIdentifier) {
                    json.put(
                            "authorization_details",
                            List.of(Map.of(
                                    "type",
                                    DETAILS_TYPE,
                                    "credential_configuration_id",
                                    token.credentialType(),
                                    "credential_identifiers",
                                    List.of(token.credentialType()))));
                }
                yield Response.ok(json)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build();
            }
            case Redemption.Outcome.InvalidCode invalid ->
                response("invalid_grant", "the pre-authorized code is unknown, used or expired");
            case Redemption.Outcome.WrongTxCode wrong -> response("invalid_grant", "the transaction code is wrong");
            case Redemption.Outcome.MissingTxCode missing -> response("invalid_request", "tx_code is missing");
            case Redemption.Outcome.OtherCredential other ->
                response(INVALID_DETAILS, "the offer is not for this credential");
        };
    }

    private static Uni<Response> refused(String code, String description) {
        return Uni.createFrom().item(response(code, description));
    }

    private static Response response(String code, String description) {
        return OpenIdError.badRequest(code, description).toResponse();
    }
}
