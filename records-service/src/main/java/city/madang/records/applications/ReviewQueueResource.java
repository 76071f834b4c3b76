package city.madang.records.applications;

import city.madang.kit.caller.CurrentCaller;
import city.madang.records.Page;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** The desk of an agency's officers. */
@Path("/records/reviews")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(CurrentCaller.OFFICER)
public class ReviewQueueResource {

    private final ReviewQueue queue;
    private final CurrentCaller caller;

    ReviewQueueResource(ReviewQueue queue, CurrentCaller caller) {
        this.queue = queue;
        this.caller = caller;
    }

    @GET
    @Operation(
            summary = "Applications to the officer's agency that are under review, what is due first comes first",
            description = "show: open (waits for any officer), mine (claimed by the caller), all")
    @APIResponse(
            responseCode = "200",
            content = @Content(examples = @ExampleObject(name = "one", value = ApplicationExamples.REVIEWS)))
    public Uni<Page<ReviewQueue.Item>> reviews(
            @QueryParam("show") @DefaultValue("open") @Pattern(regexp = "open|mine|all") String show,
            @QueryParam("service") @Nullable @Pattern(regexp = ApplicationResource.SLUG) String service,
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after) {
        var officer = caller.officer();
        return queue.list(
                        officer.agency(),
                        officer.subject(),
                        ReviewQueue.Show.valueOf(show.toUpperCase(Locale.ROOT)),
                        service,
                        after,
                        limit + 1)
                .map(items -> Page.of(items, limit, item -> item.application().toString()));
    }
}
