package city.madang.records.documents.types;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.JsonBody;
import city.madang.records.Page;
import city.madang.records.RecordsProblem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/** Agencies define their types; a changed one counts for what is announced from then on. */
@Path("/records/document-types")
@Produces(MediaType.APPLICATION_JSON)
public class DocumentTypeResource {

    static final int LONGEST_DEFINITION = 64 * 1024;
    private static final String SLUG = "[a-z][a-z0-9-]{1,30}";

    private static final String EXAMPLE =
            """
            {"title": {"ko": "주차 허가 신청 서류", "en": "Papers of a parking permit"},
             "metadata": {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
               "properties": {"case": {"type": "string", "maxLength": 40}}, "required": ["case"], "additionalProperties": false},
             "search": ["/case"], "formats": ["application/pdf"], "most_bytes": 20000000, "retention_days": 1826,
             "personal": true, "open_to_subject": true, "break_glass": ["fire-service"]}""";

    private final DocumentTypes types;
    private final Pool pool;
    private final CurrentCaller caller;

    DocumentTypeResource(DocumentTypes types, Pool pool, CurrentCaller caller) {
        this.types = types;
        this.pool = pool;
        this.caller = caller;
    }

    @PUT
    @Path("{type}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.AGENCY)
    @RequestBody(content = @Content(examples = @ExampleObject(EXAMPLE)))
    public Uni<JsonNode> put(@PathParam("type") @Pattern(regexp = SLUG) String type, String body) {
        String agency = caller.agency().agency();
        JsonNode tree = JsonBody.read(body, LONGEST_DEFINITION);
        return OffLoop.call(() -> TypeReader.read(tree))
                .map(DocumentTypeResource::valid)
                .chain(definition -> types.put(agency, type, definition))
                .map(stored -> stored.orElseThrow(
                        () -> CommonProblem.CONFLICT.with("an agency may have " + DocumentTypes.MOST + " types")))
                .map(DocumentTypeResource::describe);
    }

    @GET
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<Page<JsonNode>> list(
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Pattern(regexp = SLUG) @Nullable String after) {
        return types.list(agency(), after, limit + 1)
                .map(found -> Page.of(
                        found.stream().map(DocumentTypeResource::describe).toList(), limit, type -> type.path("type")
                                .asText()));
    }

    @GET
    @Path("{type}")
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<JsonNode> get(@PathParam("type") @Pattern(regexp = SLUG) String type) {
        return types.find(pool, agency(), type)
                .map(found -> describe(found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such type"))));
    }

    private String agency() {
        return caller.has(CurrentCaller.AGENCY)
                ? caller.agency().agency()
                : caller.officer().agency();
    }

    private static DocumentType valid(TypeReader.Result result) {
        return switch (result) {
            case TypeReader.Result.Read read -> read.type();
            case TypeReader.Result.Wrong wrong ->
                throw HttpProblem.builder(RecordsProblem.TYPE_INVALID.with(
                                "the type has " + wrong.errors().size() + " error(s)"))
                        .with("errors", wrong.errors())
                        .build();
        };
    }

    private static JsonNode describe(DocumentTypes.Stored stored) {
        ObjectNode definition = (ObjectNode) JsonBody.parse(stored.definition());
        ObjectNode described = definition.objectNode();
        described.put("type", stored.type());
        described.put("agency", stored.agency());
        described.put("version", stored.version());
        described.setAll(definition);
        return described;
    }
}
