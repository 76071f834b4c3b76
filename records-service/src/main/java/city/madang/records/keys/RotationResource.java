package city.madang.records.keys;

import city.madang.kit.caller.Caller;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.Page;
import city.madang.records.RecordsProblem;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** An officer orders a new version of the own agency's wrapping key and watches the rotation. */
@Path("/records/keys/rotations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(CurrentCaller.OFFICER)
public class RotationResource {

    private static final String EXAMPLE =
            """
            {"id": "5d0f7a0e-63a4-4f43-9d0b-0c7f6c1f2b90", "to_version": 2, "state": "running", "total": 180000,
             "done": 42000, "ordered": "2026-11-26T01:00:00Z"}""";

    private final KeyRotation rotation;
    private final CurrentCaller caller;

    RotationResource(KeyRotation rotation, CurrentCaller caller) {
        this.rotation = rotation;
        this.caller = caller;
    }

    /** @param state {@code running} or {@code finished}: then the old version is destroyed */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record View(
            UUID id,
            @JsonProperty("to_version") int toVersion,
            String state,
            @Nullable Long total,
            long done,
            Instant ordered,
            @Nullable Instant finished) {

        static View of(KeyRotation.Rotation rotation) {
            return new View(
                    rotation.id(),
                    rotation.toVersion(),
                    rotation.finished() == null ? "running" : "finished",
                    rotation.total(),
                    rotation.done(),
                    rotation.ordered(),
                    rotation.finished());
        }
    }

    @POST
    @APIResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = View.class), examples = @ExampleObject(EXAMPLE)))
    public Uni<RestResponse<View>> post() {
        Caller.Officer officer = caller.officer();
        return rotation.order(officer.agency(), officer.subject())
                .map(ordered -> RestResponse.status(
                        RestResponse.Status.ACCEPTED,
                        View.of(ordered.orElseThrow(() ->
                                RecordsProblem.ROTATION_RUNNING.with("wait until the present rotation has ended")))));
    }

    @GET
    public Uni<Page<View>> list(
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after) {
        return rotation.of(caller.officer().agency(), after, limit + 1)
                .map(found -> Page.of(found.stream().map(View::of).toList(), limit, view -> view.id()
                        .toString()));
    }

    @GET
    @Path("{id}")
    public Uni<View> get(@PathParam("id") UUID id) {
        return rotation.byId(caller.officer().agency(), id)
                .map(found ->
                        View.of(found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such rotation"))));
    }
}
