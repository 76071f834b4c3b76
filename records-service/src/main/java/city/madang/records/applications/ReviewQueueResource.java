package city.madang.records.applications;

import city.madang.kit.caller.CurrentCaller;
import city.madang.records.Page;
import city.madang.records.pages.BilingualPage;
import city.madang.records.pages.Language;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The desk of an agency's officers. */
@Path("/records/reviews")
@RolesAllowed(CurrentCaller.OFFICER)
public class ReviewQueueResource {

    private final ReviewQueue queue;
    private final CurrentCaller caller;

    ReviewQueueResource(ReviewQueue queue, CurrentCaller caller) {
        this.queue = queue;
        this.caller = caller;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Applications to the officer's agency that are under review, what is due first comes first",
            description = "show: open (waits for any officer), mine (claimed by the caller), all")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema =
                                    @Schema(
                                            type = SchemaType.OBJECT,
                                            requiredProperties = "items",
                                            properties = {
                                                @SchemaProperty(
                                                        name = "items",
                                                        type = SchemaType.ARRAY,
                                                        implementation = ReviewQueue.Item.class),
                                                @SchemaProperty(name = "next", type = SchemaType.STRING)
                                            }),
                            examples = @ExampleObject(name = "one", value = ApplicationExamples.REVIEWS)))
    public Uni<Page<ReviewQueue.Item>> reviews(
            @QueryParam("show") @DefaultValue("open") @Pattern(regexp = "open|mine|all") String show,
            @QueryParam("service") @Nullable @Pattern(regexp = ApplicationResource.SLUG) String service,
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after) {
        return queue(show(show), service, limit, after);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    public Uni<RestResponse<String>> reviewsPage(
            @QueryParam("show") @DefaultValue("open") @Pattern(regexp = "open|mine|all") String show,
            @QueryParam("service") @Nullable @Pattern(regexp = ApplicationResource.SLUG) String service,
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after,
            @QueryParam("lang") @DefaultValue("") String lang,
            @Context HttpHeaders headers) {
        DeskPage page = new DeskPage(Language.of(lang, headers), show(show), service);
        return queue(show(show), service, limit, after)
                .map(items -> BilingualPage.answer(Response.Status.OK, page.of(items)));
    }

    private static ReviewQueue.Show show(String name) {
        return ReviewQueue.Show.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private Uni<Page<ReviewQueue.Item>> queue(
            ReviewQueue.Show show, @Nullable String service, int limit, @Nullable UUID after) {
        var officer = caller.officer();
        return queue.list(officer.agency(), officer.subject(), show, service, after, limit + 1)
                .map(items -> Page.of(items, limit, item -> item.application().toString()));
    }
}
