package city.madang.identity.agencies;

import city.madang.identity.did.AgencyDid;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.Cache;
import org.jspecify.annotations.Nullable;

/** {@code /identity/agencies/{agency}/standing}: revocation and reinstatement of an agency, and who changed what about it. */
@Path("/identity/agencies/{agency}/standing")
@Produces(MediaType.APPLICATION_JSON)
@Cache(noStore = true)
public class StandingResource {

    private static final int LONGEST_NOTE = 500;

    private final Standings standings;
    private final AgencyChanges changes;
    private final CurrentCaller caller;
    private final IdentitySettings settings;

    StandingResource(Standings standings, AgencyChanges changes, CurrentCaller caller, IdentitySettings settings) {
        this.standings = standings;
        this.changes = changes;
        this.caller = caller;
        this.settings = settings;
    }

    /**
     * Why.
     *
     * @param reason to revoke: {@code key_compromised}, {@code rights_abused}, {@code ceased}, {@code agency_request},
     *     {@code under_review}, {@code superseded}; to reinstate: {@code resolved}, {@code revoked_in_error}
     * @param note for registrars and officers of the agency; no data of persons
     */
    record Reason(
            @NotNull @Pattern(regexp = StandingReason.PATTERN) String reason,
            @Nullable @Size(max = LONGEST_NOTE) @Pattern(regexp = "\\P{Cntrl}*") String note) {

        StandingReason of(boolean revokes) {
            return StandingReason.of(reason, revokes)
                    .orElseThrow(() -> CommonProblem.INVALID_REQUEST.with("reason is not one for this"));
        }
    }

    record ChangePage(List<AgencyChanges.Noted> items, @Nullable Long next) {}

    @POST
    @Path("revocation")
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Revoke an agency",
            description =
                    "From then on it issues nothing and asks nothing, its open requests end, its client cannot sign in, its "
                            + "certificates are off the trust list, and credentials that it issued are not accepted.")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "reason", value = AgencyExamples.REASON)))
    @APIResponse(
            responseCode = "200",
            description = "Revoked, now or before",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyView.class),
                            examples = @ExampleObject(name = "revoked", value = AgencyExamples.REVOKED)))
    public Uni<AgencyView> revoke(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency, @NotNull @Valid Reason body) {
        return set(agency, true, body);
    }

    @POST
    @Path("reinstatement")
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Reinstate a revoked agency",
            description =
                    "Its rights, certificates and credentials count again, save what was revoked by itself; requests that ended stay ended.")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "reason", value = AgencyExamples.REINSTATEMENT)))
    @APIResponse(
            responseCode = "200",
            description = "It may act",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyView.class),
                            examples = @ExampleObject(name = "agency", value = AgencyExamples.AGENCY)))
    public Uni<AgencyView> reinstate(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency, @NotNull @Valid Reason body) {
        return set(agency, false, body);
    }

    private Uni<AgencyView> set(String agency, boolean revoked, Reason body) {
        Actor actor = Actor.registrar(caller);
        return standings
                .set(agency, revoked, body.of(revoked), body.note(), actor)
                .map(found -> AgencyView.of(found, AgencyDid.of(settings.origin(), agency), List.of()));
    }

    @GET
    @Path("changes")
    @RolesAllowed(CurrentCaller.OFFICER)
    @Operation(
            summary = "Who changed what about an agency, the latest first",
            description = "For registrars and officers of the agency.")
    @APIResponse(
            responseCode = "200",
            description = "A page of changes",
            content =
                    @Content(
                            schema = @Schema(implementation = ChangePage.class),
                            examples = @ExampleObject(name = "changes", value = AgencyExamples.CHANGES)))
    public Uni<ChangePage> changes(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Min(1) @Nullable Long after) {
        Actor.registrarOrOfficerOf(caller, agency);
        return changes.list(agency, after == null ? Long.MAX_VALUE : after, limit + 1)
                .map(found -> {
                    List<AgencyChanges.Noted> page = found.subList(0, Math.min(limit, found.size()));
                    return new ChangePage(
                            page, found.size() > limit ? page.getLast().id() : null);
                });
    }
}
