package city.madang.identity.authorization;

import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.NotNull;
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
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/par}: the Pushed Authorization Request Endpoint (RFC 9126). */
@Path("/identity/par")
@Produces(MediaType.APPLICATION_JSON)
@OffersDpopNonce
public class PushedRequestResource {

    private final Clients clients;
    private final Senders senders;
    private final PushedRequests requests;
    private final IdentitySettings settings;

    PushedRequestResource(Clients clients, Senders senders, PushedRequests requests, IdentitySettings settings) {
        this.clients = clients;
        this.senders = senders;
        this.requests = requests;
        this.settings = settings;
    }

    /**
     * The answer (RFC 9126 §2.2).
     *
     * @param expiresIn seconds
     */
    @RegisterForReflection // in an answer that does not name it
    @Schema(name = "PushedAuthorizationResponse", additionalProperties = Schema.True.class)
    record Pushed(@NotNull String requestUri, @Schema(required = true, minimum = "1") long expiresIn) {}

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(
            summary = "Push an authorization request, whose reference the wallet then opens in the citizen's browser")
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Pushed.class),
                            examples = @ExampleObject(name = "pushed", value = Examples.PUSHED_ANSWER)))
    @APIResponse(
            responseCode = "400",
            description = "The request is not right, or a nonce or challenge is needed (RFC 9126 §2.3)",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "request", value = Examples.INVALID_REQUEST)))
    @APIResponse(
            responseCode = "401",
            description = "The wallet is not authenticated",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "client", value = Examples.INVALID_CLIENT)))
    public Uni<Response> push(
            @HeaderParam(WalletAttestation.HEADER) List<String> attestation,
            @HeaderParam(WalletAttestation.PROOF_HEADER) List<String> attestationProof,
            @HeaderParam(DpopProof.HEADER) List<String> dpop,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                                            examples =
                                                    @ExampleObject(name = "request", value = Examples.PUSHED_REQUEST)))
                    @Nullable
                    String body) {
        return Answers.to(
                clients,
                Uni.createFrom()
                        .deferred(() -> answer(form(body), new Senders.Headers(attestation, attestationProof, dpop))));
    }

    private Uni<Response> answer(Map<String, String> form, Senders.Headers headers) {
        return senders.of(
                        headers, form.get("client_id"), settings.authorization().clientAttestation(), "/par")
                .chain(sender ->
                        requests.keep(PushedRequest.read(form, settings.issuer()), sender.client(), sender.dpopJkt()))
                .map(requestUri -> Response.status(Response.Status.CREATED)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .entity(new Pushed(
                                requestUri,
                                settings.authorization().pushedRequestLifetime().toSeconds()))
                        .build());
    }

    private static Map<String, String> form(@Nullable String body) {
        try {
            return FormBody.parse(body == null ? "" : body);
        } catch (Malformed malformed) {
            throw Refusal.of("invalid_request", String.valueOf(malformed.getMessage()));
        }
    }
}
