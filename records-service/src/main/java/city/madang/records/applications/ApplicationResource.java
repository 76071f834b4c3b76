package city.madang.records.applications;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.JsonBody;
import city.madang.records.Page;
import city.madang.records.applications.course.Decision;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Applications of citizens. */
@Path("/records/applications")
@Produces(MediaType.APPLICATION_JSON)
public class ApplicationResource {

    /** Bytes of an application. */
    static final int LONGEST_APPLICATION = 64 * 1024;

    static final int LONGEST_DECISION = 4 * 1024;
    static final int LONGEST_REASON = 500;

    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");

    private final Mutiny.SessionFactory sessions;
    private final SubmitApplication submit;
    private final DecideApplication decide;
    private final CurrentCaller caller;

    ApplicationResource(
            Mutiny.SessionFactory sessions, SubmitApplication submit, DecideApplication decide, CurrentCaller caller) {
        this.sessions = sessions;
        this.submit = submit;
        this.decide = decide;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.CITIZEN)
    public Uni<RestResponse<ApplicationView>> post(String body) {
        String applicant = caller.citizen().subject();
        JsonNode tree = object(JsonBody.read(body, LONGEST_APPLICATION), Set.of("service", "form"));
        String service = tree.path("service").asText();
        if (!tree.path("service").isTextual() || !SLUG.matcher(service).matches()) {
            throw CommonProblem.INVALID_REQUEST.with("service must be the id of a service");
        }
        if (!tree.path("form").isObject()) {
            throw CommonProblem.INVALID_REQUEST.with("form must be an object");
        }
        return submit.submit(applicant, service, tree.path("form"))
                .map(application -> RestResponse.ResponseBuilder.<ApplicationView>created(
                                URI.create("/records/applications/" + application.id))
                        .entity(ApplicationView.of(application, true))
                        .build());
    }

    @GET
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<Page<ApplicationView>> list(
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after) {
        Viewer viewer = Viewer.of(caller);
        String whose = viewer.agency() != null ? "agency" : "applicant";
        String who = viewer.agency() != null ? viewer.agency() : viewer.citizen();
        String before = after == null ? "" : " and position < (select position from Application where id = ?2)";
        return sessions.withSession(session -> {
                    var query = session.createQuery(
                                    "from Application where " + whose + " = ?1" + before + " order by position desc",
                                    Application.class)
                            .setParameter(1, who)
                            .setMaxResults(limit + 1);
                    return (after == null ? query : query.setParameter(2, after)).getResultList();
                })
                .map(found -> Page.of(
                        found.stream()
                                .map(application -> ApplicationView.of(application, false))
                                .toList(),
                        limit,
                        ApplicationView::id));
    }

    @GET
    @Path("{id}")
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<ApplicationView> get(@PathParam("id") UUID id) {
        Viewer viewer = Viewer.of(caller);
        return sessions.withSession(session -> session.find(Application.class, id))
                .map(application -> {
                    if (application == null || !viewer.maySee(application)) {
                        throw CommonProblem.NOT_FOUND.with("there is no such application");
                    }
                    return ApplicationView.of(application, true);
                });
    }

    @POST
    @Path("{id}/decision")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.OFFICER)
    public Uni<ApplicationView> decide(@PathParam("id") UUID id, String body) {
        var officer = caller.officer();
        JsonNode tree = object(JsonBody.read(body, LONGEST_DECISION), Set.of("decision", "reason"));
        Decision decision =
                switch (tree.path("decision").asText()) {
                    case "granted" -> Decision.GRANTED;
                    case "refused" -> Decision.REFUSED;
                    default -> throw CommonProblem.INVALID_REQUEST.with("decision must be granted or refused");
                };
        String reason = tree.path("reason").asText();
        if (!tree.path("reason").isTextual() || reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw CommonProblem.INVALID_REQUEST.with("reason must be text of 1 to " + LONGEST_REASON + " characters");
        }
        return decide.decide(officer, id, decision, reason).map(application -> ApplicationView.of(application, true));
    }

    private static JsonNode object(JsonNode tree, Set<String> members) {
        if (!tree.isObject()) {
            throw CommonProblem.INVALID_REQUEST.with("the body must be an object");
        }
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            if (!members.contains(member.getKey())) {
                throw CommonProblem.INVALID_REQUEST.with("the body has an unknown member");
            }
        }
        return tree;
    }

    /** Whose applications the caller sees. Exactly one of the two is null. */
    private record Viewer(@Nullable String agency, @Nullable String citizen) {

        static Viewer of(CurrentCaller caller) {
            if (caller.has(CurrentCaller.AGENCY)) {
                return new Viewer(caller.agency().agency(), null);
            }
            return caller.has(CurrentCaller.OFFICER)
                    ? new Viewer(caller.officer().agency(), null)
                    : new Viewer(null, caller.citizen().subject());
        }

        boolean maySee(Application application) {
            return application.agency.equals(agency) || application.applicant.equals(citizen);
        }
    }
}
