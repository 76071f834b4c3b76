package city.madang.records.applications;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.catalogue.Catalogue;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.documents.ArchiveResource;
import city.madang.records.documents.Attachments;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;

/** Announces what an applicant will send along; the bytes go to the upload that is answered, then the application names the document. */
@Path("/records/services/{service}/attachments/{name}")
@Produces(MediaType.APPLICATION_JSON)
public class AttachmentResource {

    private static final String NAME = "[a-z][a-z0-9_]{0,40}";

    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final Attachments attachments;
    private final CurrentCaller caller;

    AttachmentResource(
            Mutiny.SessionFactory sessions, Catalogue catalogue, Attachments attachments, CurrentCaller caller) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.attachments = attachments;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.CITIZEN)
    @Operation(
            summary = "Announces a document that the caller will send along with an application",
            description = "It is destroyed after a day unless an application names it")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "lease", value = ApplicationExamples.ATTACHMENT)))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = ArchiveResource.Announced.class),
                            examples = @ExampleObject(name = "announced", value = ApplicationExamples.ANNOUNCED)))
    public Uni<RestResponse<ArchiveResource.Announced>> post(
            @PathParam("service") @Pattern(regexp = ApplicationResource.SLUG) String service,
            @PathParam("name") @Pattern(regexp = NAME) String name,
            String body) {
        String citizen = caller.citizen().subject();
        return sessions.withSession(session -> catalogue.latest(session, service))
                .map(found -> found.orElseThrow(AttachmentResource::absent))
                .chain(found -> attachments.announce(found.agency(), type(found, name), citizen, body))
                .map(announced -> RestResponse.status(RestResponse.Status.CREATED, announced));
    }

    private static String type(Catalogue.Found found, String name) {
        return found.definition().attachments().stream()
                .filter(attachment -> attachment.name().equals(name))
                .map(ServiceDefinition.Attachment::type)
                .findFirst()
                .orElseThrow(AttachmentResource::absent);
    }

    private static RuntimeException absent() {
        return CommonProblem.NOT_FOUND.with("there is no such service, or it asks for no such document");
    }
}
