package city.madang.records.catalogue;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.JsonBody;
import city.madang.records.Page;
import city.madang.records.catalogue.definition.DefinitionReader;
import city.madang.records.catalogue.definition.FormError;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.paper.Paper;
import city.madang.records.paper.RecordTemplate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
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
import java.util.List;
import java.util.Set;
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
    private final Instance<Paper> paper;

    ServiceResource(
            Mutiny.SessionFactory sessions, PublishService publish, CurrentCaller caller, Instance<Paper> paper) {
        this.sessions = sessions;
        this.publish = publish;
        this.caller = caller;
        this.paper = paper;
    }

    @PUT
    @Path("{service}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.AGENCY)
    public Uni<JsonNode> put(@PathParam("service") @Pattern(regexp = SLUG) String service, String body) {
        String agency = caller.agency().agency();
        JsonNode tree = JsonBody.read(body, LONGEST_DEFINITION);
        return OffLoop.call(() -> rehearse(valid(DefinitionReader.read(tree))))
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

    /** A template that cannot be printed with the longest values is refused now, not when a citizen waits for the record. */
    private ServiceDefinition rehearse(ServiceDefinition definition) {
        @Nullable String template = definition.record().template();
        if (template == null) {
            return definition;
        }
        List<RecordTemplate.Line> lines = definition.record().facts().stream()
                .map(fact -> new RecordTemplate.Line(
                        fact.name(),
                        fact.label().ko(),
                        fact.label().en(),
                        "가나 AB".repeat(ServiceDefinition.LONGEST_FACT / 5)))
                .toList();
        Set<String> facts = lines.stream().map(RecordTemplate.Line::name).collect(java.util.stream.Collectors.toSet());
        @Nullable
        String fault =
                switch (RecordTemplate.read(template, facts)) {
                    case RecordTemplate.Result.Read read -> printer().rehearse(read.template(), lines);
                    case RecordTemplate.Result.Wrong wrong -> wrong.why();
                };
        return fault == null
                ? definition
                : valid(new DefinitionReader.Result.Wrong(List.of(new FormError("/record/template", fault))));
    }

    private Paper printer() {
        if (!paper.isResolvable()) {
            throw CommonProblem.UNAVAILABLE.with(
                    "this process does not print, so it takes no definition with a template of its own");
        }
        return paper.get();
    }

    private static ServiceDefinition valid(DefinitionReader.Result result) {
        return switch (result) {
            case DefinitionReader.Result.Read read -> read.definition();
            case DefinitionReader.Result.Wrong wrong -> throw PublishService.invalid(wrong.errors());
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
