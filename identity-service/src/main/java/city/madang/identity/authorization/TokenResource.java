package city.madang.identity.authorization;

import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.offers.CredentialOffer;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.settings.IdentitySettings.Need;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/token}: the Token Endpoint (RFC 6749 §3.2, OpenID4VCI 1.0 clause 6, RFC 9449 §5). */
@Path("/identity/token")
@Produces(MediaType.APPLICATION_JSON)
@OffersDpopNonce
public class TokenResource {

    static final String REFRESH_TOKEN = "refresh_token";

    private final Clients clients;
    private final Senders senders;
    private final PreAuthorizedExchange preAuthorized;
    private final CodeExchange code;
    private final RefreshExchange refresh;
    private final IdentitySettings settings;

    TokenResource(
            Clients clients,
            Senders senders,
            PreAuthorizedExchange preAuthorized,
            CodeExchange code,
            RefreshExchange refresh,
            IdentitySettings settings) {
        this.clients = clients;
        this.senders = senders;
        this.preAuthorized = preAuthorized;
        this.code = code;
        this.refresh = refresh;
        this.settings = settings;
    }

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "Exchange a pre-authorized code, an authorization code or a refresh token for tokens")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TokenAnswer.class),
                            examples = @ExampleObject(name = "tokens", value = Examples.TOKENS)))
    @APIResponse(
            responseCode = "400",
            description = "A Token Error (RFC 6749 §5.2), or a nonce or challenge is needed",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "refused", value = Examples.INVALID_GRANT)))
    @APIResponse(
            responseCode = "401",
            description = "The wallet is not authenticated",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "client", value = Examples.INVALID_CLIENT)))
    public Uni<Response> token(
            @HeaderParam(WalletAttestation.HEADER) List<String> attestation,
            @HeaderParam(WalletAttestation.PROOF_HEADER) List<String> attestationProof,
            @HeaderParam(DpopProof.HEADER) List<String> dpop,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                                            examples = {
                                                @ExampleObject(
                                                        name = "pre-authorized code",
                                                        value = Examples.PRE_AUTHORIZED_REQUEST),
                                                @ExampleObject(
                                                        name = "authorization code",
                                                        value = Examples.CODE_REQUEST),
                                                @ExampleObject(name = "refresh", value = Examples.REFRESH_REQUEST)
                                            }))
                    @Nullable
                    String body) {
        return Answers.to(
                clients,
                Uni.createFrom()
                        .deferred(() -> answer(form(body), new Senders.Headers(attestation, attestationProof, dpop)))
                        .map(TokenAnswer::response));
    }

    private Uni<Tokens.Issued> answer(Map<String, String> form, Senders.Headers headers) {
        @Nullable String grant = form.get("grant_type");
        if (grant == null) {
            throw Refusal.of("invalid_request", "grant_type is missing");
        }
        Need need =
                switch (grant) {
                    case CredentialOffer.PRE_AUTHORIZED_CODE ->
                        settings.authorization().preAuthorizedAttestation();
                    case CredentialOffer.AUTHORIZATION_CODE ->
                        settings.authorization().clientAttestation();
                    // whoever showed an attestation for the grant must show it again
                    case REFRESH_TOKEN -> Need.OPTIONAL;
                    default -> throw Refusal.of("unsupported_grant_type", "this grant is not taken");
                };
        return senders.of(headers, form.get("client_id"), need, "/token")
                .map(sender -> new TokenRequest(form, sender.client(), sender.dpopJkt()))
                .chain(request -> switch (grant) {
                    case CredentialOffer.PRE_AUTHORIZED_CODE -> preAuthorized.exchange(request);
                    case CredentialOffer.AUTHORIZATION_CODE -> code.exchange(request);
                    default -> refresh.exchange(request);
                });
    }

    private static Map<String, String> form(@Nullable String body) {
        try {
            return FormBody.parse(body == null ? "" : body);
        } catch (Malformed malformed) {
            throw Refusal.of("invalid_request", String.valueOf(malformed.getMessage()));
        }
    }
}
