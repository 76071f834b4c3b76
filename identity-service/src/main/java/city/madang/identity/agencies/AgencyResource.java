package city.madang.identity.agencies;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.did.AgencyDid;
import city.madang.identity.language.LocalText;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code /identity/agencies}: who is an agency, and with which certificates. */
@Path("/identity/agencies")
@Produces(MediaType.APPLICATION_JSON)
public class AgencyResource {

    private final Agencies agencies;
    private final Certificates certificates;
    private final Mutiny.SessionFactory sessions;
    private final CurrentCaller caller;
    private final IdentitySettings settings;

    AgencyResource(
            Agencies agencies,
            Certificates certificates,
            Mutiny.SessionFactory sessions,
            CurrentCaller caller,
            IdentitySettings settings) {
        this.agencies = agencies;
        this.certificates = certificates;
        this.sessions = sessions;
        this.caller = caller;
        this.settings = settings;
    }

    record Registration(@NotNull @Valid LocalText name) {}

    record AgencyPage(List<AgencyView> items, @Nullable String next) {}

    @PUT
    @Path("{agency}")
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Register or rename an agency")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "agency", value = AgencyExamples.REGISTRATION)))
    @APIResponse(
            responseCode = "200",
            description = "Registered before",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyView.class),
                            examples = @ExampleObject(name = "agency", value = AgencyExamples.AGENCY)))
    @APIResponse(
            responseCode = "201",
            description = "Registered now",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyView.class),
                            examples = @ExampleObject(name = "agency", value = AgencyExamples.AGENCY)))
    public Uni<Response> register(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency,
            @NotNull @Valid Registration registration) {
        Actor actor = Actor.registrar(caller);
        return agencies.register(agency, registration.name(), actor)
                .map(done -> Response.status(done.isNew() ? 201 : 200)
                        .entity(view(done.agency(), done.certificates()))
                        .build());
    }

    @GET
    @Path("{agency}")
    @PermitAll
    @Operation(summary = "An agency and its certificates")
    @APIResponse(
            responseCode = "200",
            description = "The agency",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyView.class),
                            examples = @ExampleObject(name = "agency", value = AgencyExamples.AGENCY)))
    public Uni<AgencyView> get(@PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency) {
        return sessions.withSession(session -> agencies.find(session, agency)
                .map(found -> found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such agency")))
                .chain(found -> certificates.valid(session, List.of(agency)).map(all -> view(found, all))));
    }

    @GET
    @PermitAll
    @Operation(summary = "All agencies")
    @APIResponse(
            responseCode = "200",
            description = "A page of agencies",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyPage.class),
                            examples = @ExampleObject(name = "agencies", value = AgencyExamples.PAGE)))
    public Uni<AgencyPage> list(
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Pattern(regexp = Agency.SLUG) @Nullable String after) {
        return sessions.withSession(
                session -> agencies.list(session, after, limit + 1).chain(found -> {
                    List<Agency> page = found.subList(0, Math.min(limit, found.size()));
                    return certificates
                            .valid(session, page.stream().map(Agency::id).toList())
                            .map(all -> new AgencyPage(
                                    page.stream()
                                            .map(agency -> view(agency, all))
                                            .toList(),
                                    found.size() > limit ? page.getLast().id() : null));
                }));
    }

    private AgencyView view(Agency agency, List<AgencyCertificate> all) {
        return AgencyView.of(agency, AgencyDid.of(settings.origin(), agency.id()), all);
    }
}
