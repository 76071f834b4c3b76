package city.madang.records.catalogue;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.JsonBody;
import city.madang.records.Page;
import city.madang.records.RecordsProblem;
import city.madang.records.catalogue.definition.DefinitionReader;
import city.madang.records.catalogue.definition.ServiceDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
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
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The catalogue of public services. */
@Path("/records/services")
@Produces(MediaType.APPLICATION_JSON)
public class ServiceResource {

    /** Bytes of a definition. */
    static final int LONGEST_DEFINITION = 64 * 1024;

    private static final String SLUG = "[a-z][a-z0-9-]{1,30}";

    private final Mutiny.SessionFactory sessions;
    private final PublishService publish;
    private final CurrentCaller caller;

    ServiceResource(Mutiny.SessionFactory sessions, PublishService publish, CurrentCaller caller) {
        this.sessions = sessions;
        this.publish = publish;
        this.caller = caller;
    }

    @PUT
    @Path("{service}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.AGENCY)
    public Uni<JsonNode> put(@PathParam("service") @Pattern(regexp = SLUG) String service, String body) {
        String agency = caller.agency().agency();
        JsonNode tree = JsonBody.read(body, LONGEST_DEFINITION);
        return OffLoop.call(() -> DefinitionReader.read(tree))
                .map(ServiceResource::valid)
                .chain(definition -> publish.publish(agency, service, definition))
                .map(ServiceResource::describe);
    }

    @GET
    @PermitAll
    public Uni<Page<JsonNode>> list(
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @DefaultValue("") @Pattern(regexp = "(" + SLUG + ")?") String after) {
        return sessions.withSession(session -> session.createQuery(
                                "from PublishedService where service > ?1 order by service", PublishedService.class)
                        .setParameter(1, after)
                        .setMaxResults(limit + 1)
                        .getResultList())
                .map(found ->
                        Page.of(found.stream().map(ServiceResource::describe).toList(), limit, service -> service.path(
                                        "service")
                                .asText()));
    }

    @GET
    @Path("{service}")
    @PermitAll
    public Uni<JsonNode> get(@PathParam("service") @Pattern(regexp = SLUG) String service) {
        return sessions.withSession(session -> session.find(PublishedService.class, service))
                .map(ServiceResource::found)
                .map(ServiceResource::describe);
    }

    private static ServiceDefinition valid(DefinitionReader.Result result) {
        return switch (result) {
            case DefinitionReader.Result.Read read -> read.definition();
            case DefinitionReader.Result.Wrong wrong ->
                throw HttpProblem.builder(RecordsProblem.DEFINITION_INVALID.with(
                                "the definition has " + wrong.errors().size() + " error(s)"))
                        .with("errors", wrong.errors())
                        .build();
        };
    }

    private static PublishedService found(@Nullable PublishedService service) {
        if (service == null) {
            throw CommonProblem.NOT_FOUND.with("there is no such service");
        }
        return service;
    }

    private static JsonNode describe(PublishedService published) {
        ObjectNode described = ((ObjectNode) JsonBody.parse(published.definition)).objectNode();
        described.put("service", published.service);
        described.put("agency", published.agency);
        described.put("version", published.version);
        described.put("published", published.published.toString());
        described.setAll((ObjectNode) JsonBody.parse(published.definition));
        return described;
    }
}
