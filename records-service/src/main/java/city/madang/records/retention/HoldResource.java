package city.madang.records.retention;

import city.madang.kit.caller.Caller;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.JsonBody;
import city.madang.records.Members;
import city.madang.records.Page;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** An officer holds a record of the own agency, for a court or an audit, whatever its retention says, and lets it go again. */
@Path("/records/holds")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(CurrentCaller.OFFICER)
public class HoldResource {

    static final int LONGEST_BODY = 4 * 1024;
    private static final int LONGEST_REASON = 500;

    private static final String EXAMPLE =
            "{\"record\": \"6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10\", \"reason\": \"Administrative court, case 2026-11\"}";

    private final Pool pool;
    private final List<Shredding> kinds;
    private final CurrentCaller caller;

    HoldResource(Pool pool, @All List<Shredding> kinds, CurrentCaller caller) {
        this.pool = pool;
        this.kinds = kinds;
        this.caller = caller;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record View(UUID id, UUID record, String reason, Instant placed, @Nullable Instant released) {}

    /** The record is locked while the hold is placed: whoever destroys it locks it too, and then sees the hold. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequestBody(content = @Content(examples = @ExampleObject(EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "held from now on",
            content = @Content(schema = @Schema(implementation = View.class)))
    public Uni<RestResponse<View>> post(String body) {
        Caller.Officer officer = caller.officer();
        JsonNode tree = JsonBody.read(body, LONGEST_BODY);
        Members.only(tree, Set.of("record", "reason"));
        UUID record = Members.uuid(tree, "record");
        String reason = Members.text(tree.path("reason"), "reason", LONGEST_REASON);
        return pool.withTransaction(connection -> Multi.createFrom()
                        .iterable(kinds)
                        .onItem()
                        .transformToUniAndConcatenate(kind -> kind.lock(connection, record))
                        .filter(found ->
                                found.isPresent() && found.get().agency().equals(officer.agency()))
                        .collect()
                        .first()
                        .chain(found -> {
                            if (found == null) {
                                throw CommonProblem.NOT_FOUND.with("there is no such record");
                            }
                            return connection
                                    .preparedQuery(
                                            "insert into legal_hold (id, record, agency, reason, placed_by, placed)"
                                                    + " values ($1, $2, $3, $4, $5, now()) returning *")
                                    .execute(Tuple.of(
                                            UUID.randomUUID(), record, officer.agency(), reason, officer.subject()));
                        }))
                .map(rows -> RestResponse.status(
                        RestResponse.Status.CREATED, view(rows.iterator().next())));
    }

    @GET
    public Uni<Page<View>> list(
            @QueryParam("record") @Nullable UUID record,
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after) {
        return pool.preparedQuery("select * from legal_hold where agency = $1 and ($2::uuid is null or record = $2) and"
                        + " ($3::uuid is null or position < (select position from legal_hold where id = $3)) order by"
                        + " position desc limit $4")
                .execute(Tuple.of(caller.officer().agency(), record, after, limit + 1))
                .map(rows -> Page.of(
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(HoldResource::view)
                                .toList(),
                        limit,
                        view -> view.id().toString()));
    }

    @DELETE
    @Path("{id}")
    public Uni<Void> delete(@PathParam("id") UUID id) {
        Caller.Officer officer = caller.officer();
        return pool.preparedQuery("update legal_hold set released = coalesce(released, now()), released_by ="
                        + " coalesce(released_by, $3) where id = $1 and agency = $2")
                .execute(Tuple.of(id, officer.agency(), officer.subject()))
                .invoke(updated -> {
                    if (updated.rowCount() == 0) {
                        throw CommonProblem.NOT_FOUND.with("there is no such hold");
                    }
                })
                .replaceWithVoid();
    }

    private static View view(Row row) {
        return new View(
                row.getUUID("id"),
                row.getUUID("record"),
                row.getString("reason"),
                row.getOffsetDateTime("placed").toInstant(),
                row.getOffsetDateTime("released") == null
                        ? null
                        : row.getOffsetDateTime("released").toInstant());
    }
}
