package city.madang.identity.status;

import city.madang.identity.agencies.Agency;
import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /identity/status-lists}: the status of all credentials, for everybody (draft-ietf-oauth-status-list §8 and §9). */
@Path("/identity/status-lists")
public class StatusListResource {

    /** Far above what a city's agencies fill. */
    private static final int MOST = 10_000;

    /** Shared caches ask again before the time within which a change has to show; the entity tag keeps that cheap. */
    private static final int SHARED_SECONDS = 1;

    private final PublishedLists published;
    private final StatusLists lists;
    private final IdentitySettings settings;

    StatusListResource(PublishedLists published, StatusLists lists, IdentitySettings settings) {
        this.published = published;
        this.lists = lists;
        this.settings = settings;
    }

    record Aggregation(List<String> statusLists) {}

    @GET
    @PermitAll
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "All status lists",
            description =
                    "Status List Aggregation: a verifier that fetches all of them shows nobody which one it needs.")
    @APIResponse(
            responseCode = "200",
            description = "Their addresses, oldest first",
            content =
                    @Content(
                            schema = @Schema(implementation = Aggregation.class),
                            examples = @ExampleObject(name = "lists", value = StatusExamples.AGGREGATION)))
    public Uni<Response> all(@QueryParam("agency") @Pattern(regexp = Agency.SLUG) @Nullable String agency) {
        return lists.ids(Optional.ofNullable(agency), MOST).map(ids -> Response.ok(new Aggregation(
                        ids.stream().map(settings::statusListUri).toList()))
                .header(HttpHeaders.CACHE_CONTROL, cacheControl())
                .build());
    }

    @GET
    @Path("{id}")
    @PermitAll
    @Produces({ListFormat.JWT_TYPE, ListFormat.CWT_TYPE})
    @Operation(
            summary = "A status list, signed by its agency",
            description =
                    "Status List Token as JWT or CWT, by Accept; the JWT if that says nothing. Shows a change within seconds."
                            + " How it was at another time (query parameter time) is not told.")
    @APIResponse(
            responseCode = "200",
            description = "The Status List Token",
            content = {
                @Content(
                        mediaType = ListFormat.JWT_TYPE,
                        schema = @Schema(implementation = String.class),
                        examples = @ExampleObject(name = "jwt", value = StatusExamples.LIST_JWT)),
                @Content(
                        mediaType = ListFormat.CWT_TYPE,
                        schema = @Schema(implementation = String.class, format = "binary"),
                        examples =
                                @ExampleObject(
                                        name = "cwt",
                                        value = StatusExamples.LIST_CWT,
                                        description = "diagnostic notation of what is sent as CBOR"))
            })
    @APIResponse(responseCode = "304", description = "Not changed since the copy that If-None-Match names")
    @APIResponse(responseCode = "406", description = "Accept takes neither form")
    @APIResponse(responseCode = "501", description = "Asked for another time")
    public Uni<Response> get(
            @PathParam("id") UUID id, @QueryParam("time") @Nullable String time, @Context HttpHeaders headers) {
        if (time != null) {
            // not thrown: what everybody may ask for at will should not be logged as a fault of this service
            return Uni.createFrom()
                    .item(IdentityProblem.STATUS_HISTORY_NOT_KEPT
                            .with("only the present list is served")
                            .toResponse());
        }
        ListFormat format = ListFormat.accepted(headers.getAcceptableMediaTypes())
                .orElseThrow(() -> CommonProblem.NOT_ACCEPTABLE.with("a status list is a JWT or a CWT"));
        return published.get(id, format).map(list -> answer(list, format, headers));
    }

    private Response answer(SignedList list, ListFormat format, HttpHeaders headers) {
        Response.ResponseBuilder response = isKnown(list, headers)
                ? Response.notModified()
                : Response.ok(list.token()).type(format.mediaType());
        return response.header(HttpHeaders.ETAG, list.tag())
                .header(HttpHeaders.CACHE_CONTROL, cacheControl())
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .build();
    }

    /** RFC 9110 §13.1.2, weak comparison. */
    private static boolean isKnown(SignedList list, HttpHeaders headers) {
        @Nullable String known = headers.getHeaderString(HttpHeaders.IF_NONE_MATCH);
        return known != null
                && Arrays.stream(known.split(",", -1))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(list.tag()) || ("W/" + tag).equals(list.tag()));
    }

    private String cacheControl() {
        return "public, max-age=" + settings.status().ttl().toSeconds() + ", s-maxage=" + SHARED_SECONDS;
    }
}
