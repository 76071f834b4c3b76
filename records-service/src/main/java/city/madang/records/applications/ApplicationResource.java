package city.madang.records.applications;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.Page;
import city.madang.records.pages.BilingualPage;
import city.madang.records.pages.Language;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Applications of citizens. */
@Path("/records/applications")
@Produces(MediaType.APPLICATION_JSON)
public class ApplicationResource {

    static final String SLUG = "[a-z][a-z0-9-]{1,30}";

    private static final Pattern SERVICE = Pattern.compile(SLUG);

    private final Mutiny.SessionFactory sessions;
    private final SubmitApplication submit;
    private final ActOnApplication act;
    private final AnswerQuestion answer;
    private final Progress progress;
    private final Attached attached;
    private final CurrentCaller caller;

    ApplicationResource(
            Mutiny.SessionFactory sessions,
            SubmitApplication submit,
            ActOnApplication act,
            AnswerQuestion answer,
            Progress progress,
            Attached attached,
            CurrentCaller caller) {
        this.sessions = sessions;
        this.submit = submit;
        this.act = act;
        this.answer = answer;
        this.progress = progress;
        this.attached = attached;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.CITIZEN)
    @Operation(
            summary = "Applies to a public service",
            description =
                    "attachments: documents that were sent, by the names that the service gives them; renews: a record of the caller's from the same service, whose place the new record takes")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "licence", value = ApplicationExamples.APPLY)))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "application", value = ApplicationExamples.APPLICATION)))
    public Uni<RestResponse<ApplicationView>> post(String body) {
        String applicant = caller.citizen().subject();
        JsonNode tree = Bodies.object(body, Bodies.LONGEST_FORM, Set.of("service", "form", "attachments", "renews"));
        String service = tree.path("service").asText();
        if (!tree.path("service").isTextual() || !SERVICE.matcher(service).matches()) {
            throw CommonProblem.INVALID_REQUEST.with("service must be the id of a service");
        }
        JsonNode form = Bodies.form(tree);
        if (form == null) {
            throw CommonProblem.INVALID_REQUEST.with("form must be an object");
        }
        return submit.submit(applicant, service, form, Bodies.ids(tree, "attachments"), Bodies.id(tree, "renews"))
                .map(application -> RestResponse.ResponseBuilder.<ApplicationView>created(
                                URI.create("/records/applications/" + application.id))
                        .entity(ApplicationView.of(application, true))
                        .build());
    }

    @GET
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    @Operation(summary = "The caller's own applications, or those to the caller's agency, the latest first")
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
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "application", value = ApplicationExamples.APPLICATION)))
    public Uni<ApplicationView> get(@PathParam("id") UUID id) {
        Viewer viewer = Viewer.of(caller);
        return sessions.withSession(
                session -> visible(session, id, viewer).chain(application -> attached.of(session, id)
                        .map(sent -> ApplicationView.of(application, true).with(sent))));
    }

    @GET
    @Path("{id}/progress")
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    @Operation(summary = "How far an application is, what happened when, and what happens next, in both languages")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ProgressView.class),
                            examples = @ExampleObject(name = "progress", value = ApplicationExamples.PROGRESS)))
    public Uni<ProgressView> progress(@PathParam("id") UUID id) {
        Viewer viewer = Viewer.of(caller);
        return sessions.withSession(
                session -> visible(session, id, viewer).chain(application -> progress.of(session, application)));
    }

    @GET
    @Path("{id}/progress")
    @Produces(MediaType.TEXT_HTML)
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<RestResponse<String>> progressPage(
            @PathParam("id") UUID id, @QueryParam("lang") @DefaultValue("") String lang, @Context HttpHeaders headers) {
        ProgressPage page = new ProgressPage(Language.of(lang, headers));
        return progress(id).map(view -> BilingualPage.answer(Response.Status.OK, page.of(view)));
    }

    private static Uni<Application> visible(Mutiny.Session session, UUID id, Viewer viewer) {
        return session.find(Application.class, id).invoke(application -> {
            if (application == null || !viewer.maySee(application)) {
                throw CommonProblem.NOT_FOUND.with("there is no such application");
            }
        });
    }

    @POST
    @Path("{id}/answer")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.CITIZEN)
    @Operation(summary = "Answers what the officer asked, perhaps with a form that is filled in anew")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "answer", value = ApplicationExamples.ANSWER)))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "answered", value = ApplicationExamples.APPLICATION)))
    public Uni<ApplicationView> answer(@PathParam("id") UUID id, String body) {
        JsonNode tree = Bodies.object(body, Bodies.LONGEST_FORM, Set.of("answer", "form"));
        String text = Bodies.text(tree, "answer", Bodies.LONGEST_TEXT);
        return answer.answer(caller.citizen(), id, text, Bodies.form(tree))
                .map(application -> ApplicationView.of(application, true));
    }

    @POST
    @Path("{id}/withdrawal")
    @RolesAllowed(CurrentCaller.CITIZEN)
    @Operation(
            summary = "Withdraws an application that is not granted; a fee that was paid goes back",
            description = "Of a refusal that is open to an appeal: accepts it, so that the fee goes back at once")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "application", value = ApplicationExamples.APPLICATION)))
    public Uni<ApplicationView> withdraw(@PathParam("id") UUID id) {
        return act.withdraw(caller.citizen(), id).map(application -> ApplicationView.of(application, true));
    }

    @POST
    @Path("{id}/appeal")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.CITIZEN)
    @Operation(summary = "Appeals against a refusal, once and in time; another officer decides")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "appeal", value = ApplicationExamples.APPEAL)))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = ApplicationView.class),
                            examples = @ExampleObject(name = "application", value = ApplicationExamples.APPLICATION)))
    public Uni<ApplicationView> appeal(@PathParam("id") UUID id, String body) {
        JsonNode tree = Bodies.object(body, Bodies.LONGEST, Set.of("reason"));
        String reason = Bodies.text(tree, "reason", Bodies.LONGEST_TEXT);
        return act.appeal(caller.citizen(), id, reason).map(application -> ApplicationView.of(application, true));
    }
}
