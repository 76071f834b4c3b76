package city.madang.records.applications;

import city.madang.kit.caller.CurrentCaller;
import city.madang.records.applications.course.Decision;
import city.madang.records.catalogue.definition.Terms;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** What officers do with an application. */
@Path("/records/applications")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(CurrentCaller.OFFICER)
public class ReviewResource {

    private final ActOnApplication act;
    private final CurrentCaller caller;

    ReviewResource(ActOnApplication act, CurrentCaller caller) {
        this.act = act;
        this.caller = caller;
    }

    @POST
    @Path("{id}/claim")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Claims an application that is under review; with take_over also from another officer",
            description = "Who decided the first round can't claim the appeal")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "claim", value = ApplicationExamples.CLAIM)))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "claimed", value = ApplicationExamples.APPLICATION)))
    public Uni<ApplicationView> claim(@PathParam("id") UUID id, String body) {
        JsonNode tree = Bodies.object(body, Bodies.LONGEST, Set.of("take_over"));
        return act.claim(caller.officer(), id, Bodies.flag(tree, "take_over")).map(ReviewResource::view);
    }

    @DELETE
    @Path("{id}/claim")
    @Operation(summary = "Gives an application back to the queue")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "released", value = ApplicationExamples.APPLICATION)))
    public Uni<ApplicationView> release(@PathParam("id") UUID id) {
        return act.release(caller.officer(), id).map(ReviewResource::view);
    }

    @POST
    @Path("{id}/question")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Asks the applicant for more information; the service level's clock rests until the answer",
            description = "Without an answer in so many days the application expires")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "question", value = ApplicationExamples.QUESTION)))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "asked", value = ApplicationExamples.APPLICATION)))
    public Uni<ApplicationView> ask(@PathParam("id") UUID id, String body) {
        JsonNode tree = Bodies.object(body, Bodies.LONGEST, Set.of("question", "days"));
        String question = Bodies.text(tree, "question", Bodies.LONGEST_TEXT);
        return act.ask(caller.officer(), id, question, Bodies.days(tree, Terms.LONGEST_DAYS))
                .map(ReviewResource::view);
    }

    @POST
    @Path("{id}/decision")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Grants or refuses an application, with a reason that its applicant sees")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "refusal", value = ApplicationExamples.DECISION)))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "decided", value = ApplicationExamples.APPLICATION)))
    public Uni<ApplicationView> decide(@PathParam("id") UUID id, String body) {
        JsonNode tree = Bodies.object(body, Bodies.LONGEST, Set.of("decision", "reason"));
        Decision decision =
                switch (tree.path("decision").asText()) {
                    case "granted" -> Decision.GRANTED;
                    case "refused" -> Decision.REFUSED;
                    default ->
                        throw city.madang.kit.problem.CommonProblem.INVALID_REQUEST.with(
                                "decision must be granted or refused");
                };
        String reason = Bodies.text(tree, "reason", Bodies.LONGEST_REASON);
        return act.decide(caller.officer(), id, decision, reason).map(ReviewResource::view);
    }

    private static ApplicationView view(Application application) {
        return ApplicationView.of(application, true);
    }
}
