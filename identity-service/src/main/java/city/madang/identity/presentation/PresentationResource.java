package city.madang.identity.presentation;

import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.IdentityProblem;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /identity/presentations}: an agency asks for claims, and reads what was disclosed, once. */
@Path("/identity/presentations")
@Produces(MediaType.APPLICATION_JSON)
public class PresentationResource {

    private final Presentations presentations;
    private final Mutiny.SessionFactory sessions;
    private final CurrentCaller caller;

    PresentationResource(Presentations presentations, Mutiny.SessionFactory sessions, CurrentCaller caller) {
        this.presentations = presentations;
        this.sessions = sessions;
        this.caller = caller;
    }

    record NewPresentation(@NotNull Map<String, Object> dcqlQuery) {}

    /**
     * A request for a presentation.
     *
     * @param authorizationRequest the link that opens a wallet with the request
     */
    record PresentationView(UUID id, String state, String requestUri, String authorizationRequest, Instant expiresAt) {}

    /** @param credentials the disclosed claims by the id of the credential query */
    record ResultView(UUID id, Map<String, Object> credentials) {}

    @POST
    @RolesAllowed(CurrentCaller.AGENCY)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Ask a holder for claims, with a DCQL query")
    public Uni<RestResponse<PresentationView>> create(@NotNull @Valid NewPresentation body) {
        String agency = caller.agency().agency();
        String dcql;
        try {
            dcql = Presentations.checked(body.dcqlQuery());
        } catch (Malformed invalid) {
            throw IdentityProblem.INVALID_DCQL_QUERY.with(String.valueOf(invalid.getMessage()));
        }
        return sessions.withTransaction(session -> presentations.create(session, agency, dcql, null))
                .map(created -> {
                    Presentations.Shown shown = created.orElseThrow(() ->
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
    public Uni<PresentationView> get(@PathParam("id") UUID id) {
        boolean isAgency = caller.has(CurrentCaller.AGENCY);
        String who = isAgency ? caller.agency().agency() : caller.citizen().subject();
        return sessions.withSession(session -> isAgency
                        ? presentations.ofAgency(session, id, who)
                        : presentations.ofApplicant(session, id, who))
                .map((Optional<Presentations.Shown> found) ->
                        view(found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such presentation"))));
    }

    @GET
    @Path("{id}/result")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Operation(summary = "The disclosed claims; they are deleted as they are read")
    public Uni<RestResponse<ResultView>> result(@PathParam("id") UUID id) {
        String agency = caller.agency().agency();
        return sessions.withTransaction(session -> presentations.takeResult(session, id, agency))
                .map(result -> switch (result) {
                    case Presentations.Result.Claims claims ->
                        RestResponse.ResponseBuilder.ok(
                                        new ResultView(id, new JsonObject(claims.credentials()).getMap()))
                                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                .build();
                    case Presentations.Result.Pending pending ->
                        throw IdentityProblem.PRESENTATION_PENDING.with("the holder has not answered yet");
                    case Presentations.Result.Gone gone ->
                        throw IdentityProblem.RESULT_GONE.with("read before, declined or expired");
                    case Presentations.Result.Unknown unknown ->
                        throw CommonProblem.NOT_FOUND.with("there is no such presentation");
                });
    }

    private static PresentationView view(Presentations.Shown shown) {
        return new PresentationView(
                shown.id(), shown.state().text(), shown.requestUri(), shown.authorizationRequest(), shown.expiresAt());
    }
}
