package city.madang.identity.trust;

import city.madang.identity.agencies.Actor;
import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.agencies.AgencyChanged;
import city.madang.identity.agencies.AgencyChanges;
import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.IdentityProblem;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Event;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code /identity/agencies/{agency}/rights}: what an agency may issue and ask for. */
@Path("/identity/agencies/{agency}/rights")
@Produces(MediaType.APPLICATION_JSON)
public class RightsResource {

    private final Rights rights;
    private final Agencies agencies;
    private final AgencyChanges changes;
    private final Mutiny.SessionFactory sessions;
    private final CurrentCaller caller;
    private final Event<AgencyChanged> changed;

    RightsResource(
            Rights rights,
            Agencies agencies,
            AgencyChanges changes,
            Mutiny.SessionFactory sessions,
            CurrentCaller caller,
            Event<AgencyChanged> changed) {
        this.rights = rights;
        this.agencies = agencies;
        this.changes = changes;
        this.sessions = sessions;
        this.caller = caller;
        this.changed = changed;
    }

    /**
     * The rights of an agency; what is not said is denied.
     *
     * @param ownTypes whether it may issue the types that it owns and ask for their claims; true if absent
     * @param issues {@code [{format, meta}]}: types that it may issue besides, with a key of its own
     * @param asks {@code [{format, meta, claims: [{path}], purpose: {ko, en}, legal_basis: {ko, en}}]}: a path stands for all within it
     */
    record RightsBody(
            @Nullable Boolean ownTypes,
            @Nullable @Size(max = 100) List<@NotNull Map<String, Object>> issues,
            @Nullable @Size(max = 100) List<@NotNull Map<String, Object>> asks) {

        AgencyRights read() throws Malformed {
            return new AgencyRights(
                    ownTypes == null || ownTypes,
                    issues == null ? List.of() : RightsJson.issues(issues),
                    asks == null ? List.of() : RightsJson.asks(asks));
        }

        static RightsBody of(AgencyRights rights) {
            return new RightsBody(rights.ownTypes(), RightsJson.issues(rights), RightsJson.asks(rights));
        }
    }

    @PUT
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Say what an agency may issue and ask for, in place of what was said before")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "rights", value = TrustExamples.RIGHTS)))
    @APIResponse(
            responseCode = "200",
            description = "The rights; they count at once",
            content =
                    @Content(
                            schema = @Schema(implementation = RightsBody.class),
                            examples = @ExampleObject(name = "rights", value = TrustExamples.RIGHTS)))
    public Uni<RightsBody> set(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency, @NotNull @Valid RightsBody body) {
        Actor actor = Actor.registrar(caller);
        AgencyRights wanted;
        try {
            wanted = body.read();
        } catch (Malformed malformed) {
            throw IdentityProblem.INVALID_RIGHTS.with(String.valueOf(malformed.getMessage()));
        }
        return sessions.withTransaction(session -> agencies.acting(session, agency)
                        .chain(() -> rights.set(session, agency, wanted))
                        .chain(() -> changes.note(session, agency, AgencyChanges.Change.RIGHTS_SET, null, null, actor)))
                .invoke(() -> changed.fire(new AgencyChanged(agency)))
                .replaceWith(() -> RightsBody.of(wanted));
    }

    @GET
    @PermitAll
    @Operation(summary = "What an agency may issue and ask for")
    @APIResponse(
            responseCode = "200",
            description = "The rights",
            content =
                    @Content(
                            schema = @Schema(implementation = RightsBody.class),
                            examples = @ExampleObject(name = "rights", value = TrustExamples.RIGHTS)))
    public Uni<RightsBody> get(@PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency) {
        return sessions.withSession(session -> agencies.find(session, agency)
                .map(found -> found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such agency")))
                .chain(found -> rights.of(session, agency))
                .map(RightsBody::of));
    }
}
