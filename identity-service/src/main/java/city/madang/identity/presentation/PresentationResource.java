package city.madang.identity.presentation;

import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.trust.Rights;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /identity/presentations}: an agency asks for claims, and reads what was disclosed, once. */
@Path("/identity/presentations")
@Produces(MediaType.APPLICATION_JSON)
public class PresentationResource {

    private final Presentations presentations;
    private final Results results;
    private final Rights rights;
    private final Mutiny.SessionFactory sessions;
    private final CurrentCaller caller;
    private final IdentitySettings settings;

    PresentationResource(
            Presentations presentations,
            Results results,
            Rights rights,
            Mutiny.SessionFactory sessions,
            CurrentCaller caller,
            IdentitySettings settings) {
        this.presentations = presentations;
        this.results = results;
        this.rights = rights;
        this.sessions = sessions;
        this.caller = caller;
        this.settings = settings;
    }

    /**
     * A request for a presentation.
     *
     * @param authorizationRequest the link that opens any wallet with the request
     * @param haipAuthorizationRequest the link that opens a wallet that keeps to HAIP
     * @param pageUri a page for the holder's browser
     * @param qrUri the link as a QR code; absent if the browser must end what it began
     * @param failure how the last answer that was refused failed
     * @param walletError with what code the wallet declined
     */
    record PresentationView(
            UUID id,
            String state,
            String requestUri,
            String authorizationRequest,
            String haipAuthorizationRequest,
            String pageUri,
            @Nullable String qrUri,
            Instant expiresAt,
            Shown.@Nullable Failure failure,
            @Nullable String walletError) {}

    /** @param credentials the disclosed claims by the id of the credential query; a list of them where multiple was asked */
    record ResultView(UUID id, Map<String, Object> credentials) {}

    @POST
    @RolesAllowed(CurrentCaller.AGENCY)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Ask a holder for claims, with a DCQL query")
    @RequestBody(
            content =
                    @Content(
                            examples = {
                                @ExampleObject(name = "another device", value = PresentationExamples.NEW),
                                @ExampleObject(name = "same device", value = PresentationExamples.NEW_SAME_DEVICE)
                            }))
    @APIResponse(
            responseCode = "201",
            description = "The request waits for its answer",
            content =
                    @Content(
                            schema = @Schema(implementation = PresentationView.class),
                            examples = @ExampleObject(name = "created", value = PresentationExamples.CREATED)))
    @APIResponse(
            responseCode = "400",
            description = "invalid-dcql-query, invalid-transaction-data, invalid-request",
            content =
                    @Content(
                            mediaType = PresentationExamples.PROBLEM,
                            examples = @ExampleObject(name = "query", value = PresentationExamples.INVALID_QUERY)))
    @APIResponse(
            responseCode = "403",
            description = "over-asking: the trust list does not let the agency ask for this",
            content =
                    @Content(
                            mediaType = PresentationExamples.PROBLEM,
                            examples = @ExampleObject(name = "over-asking", value = PresentationExamples.OVER_ASKING)))
    @APIResponse(
            responseCode = "409",
            description = "agency-not-registered",
            content =
                    @Content(
                            mediaType = PresentationExamples.PROBLEM,
                            examples =
                                    @ExampleObject(
                                            name = "not registered",
                                            value = PresentationExamples.NOT_REGISTERED)))
    public Uni<RestResponse<PresentationView>> create(@NotNull @Valid NewPresentation body) {
        String agency = caller.agency().agency();
        Asking asking = body.asking(settings.presentation());
        return sessions.withTransaction(session -> rights.overAsking(session, agency, asking.query())
                        .chain(why -> {
                            if (why.isPresent()) {
                                throw IdentityProblem.OVER_ASKING.with(why.get());
                            }
                            return presentations.create(session, agency, asking, null);
                        }))
                .map(created -> {
                    Shown shown = created.orElseThrow(() ->
                            IdentityProblem.AGENCY_NOT_REGISTERED.with("a registrar has not registered this agency"));
                    return RestResponse.ResponseBuilder.<PresentationView>created(
                                    URI.create("/identity/presentations/" + shown.id()))
                            .entity(view(shown))
                            .build();
                });
    }

    @GET
    @Path("{id}")
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.CITIZEN})
    @Operation(summary = "A request, for the agency that asked or the citizen whom it is for")
    @APIResponse(
            responseCode = "200",
            description = "Where it stands; failure says at which check the last refused answer failed",
            content =
                    @Content(
                            schema = @Schema(implementation = PresentationView.class),
                            examples = @ExampleObject(name = "failed", value = PresentationExamples.FAILED)))
    @APIResponse(
            responseCode = "404",
            description = "Unknown, or another caller's",
            content =
                    @Content(
                            mediaType = PresentationExamples.PROBLEM,
                            examples = @ExampleObject(name = "not found", value = PresentationExamples.NOT_FOUND)))
    public Uni<PresentationView> get(@PathParam("id") UUID id) {
        boolean isAgency = caller.has(CurrentCaller.AGENCY);
        String who = isAgency ? caller.agency().agency() : caller.citizen().subject();
        return sessions.withSession(session -> isAgency
                        ? presentations.ofAgency(session, id, who)
                        : presentations.ofApplicant(session, id, who))
                .map((Optional<Shown> found) ->
                        view(found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such presentation"))));
    }

    @GET
    @Path("{id}/result")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Operation(
            summary = "The disclosed claims; they are deleted as they are read",
            description = "With a redirect_uri, response_code must be the one that the browser brought back.")
    @APIResponse(
            responseCode = "200",
            description = "Exactly what was asked for",
            content =
                    @Content(
                            schema = @Schema(implementation = ResultView.class),
                            examples = @ExampleObject(name = "result", value = PresentationExamples.RESULT)))
    @APIResponse(
            responseCode = "403",
            description = "response-code-needed",
            content =
                    @Content(
                            mediaType = PresentationExamples.PROBLEM,
                            examples = @ExampleObject(name = "code", value = PresentationExamples.CODE_NEEDED)))
    @APIResponse(
            responseCode = "404",
            description = "Unknown, or another agency's",
            content =
                    @Content(
                            mediaType = PresentationExamples.PROBLEM,
                            examples = @ExampleObject(name = "not found", value = PresentationExamples.NOT_FOUND)))
    @APIResponse(
            responseCode = "409",
            description = "presentation-pending: ask again later",
            content =
                    @Content(
                            mediaType = PresentationExamples.PROBLEM,
                            examples = @ExampleObject(name = "pending", value = PresentationExamples.PENDING)))
    @APIResponse(
            responseCode = "410",
            description = "result-gone: read before, declined or expired",
            content =
                    @Content(
                            mediaType = PresentationExamples.PROBLEM,
                            examples = @ExampleObject(name = "gone", value = PresentationExamples.GONE)))
    public Uni<RestResponse<ResultView>> result(
            @PathParam("id") UUID id, @QueryParam("response_code") @Nullable String responseCode) {
        return results.take(id, caller.agency().agency(), responseCode).map(result -> switch (result) {
            case Results.Result.Claims claims ->
                RestResponse.ResponseBuilder.ok(new ResultView(id, new JsonObject(claims.credentials()).getMap()))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build();
            case Results.Result.Pending pending ->
                throw IdentityProblem.PRESENTATION_PENDING.with("the holder has not answered yet");
            case Results.Result.Gone gone -> throw IdentityProblem.RESULT_GONE.with("read before, declined or expired");
            case Results.Result.OtherBrowser other ->
                throw IdentityProblem.RESPONSE_CODE_NEEDED.with(
                        "response_code is missing or not the one that the browser brought back");
            case Results.Result.Unknown unknown -> throw CommonProblem.NOT_FOUND.with("there is no such presentation");
        });
    }

    private PresentationView view(Shown shown) {
        return new PresentationView(
                shown.id(),
                shown.state().text(),
                shown.requestUri(),
                shown.authorizationRequest(),
                shown.haipAuthorizationRequest(),
                settings.issuer() + "/present/" + shown.id(),
                shown.isSameDevice() ? null : settings.issuer() + "/presentations/" + shown.id() + "/qr",
                shown.expiresAt(),
                shown.failure(),
                shown.walletError());
    }
}
