package city.madang.identity.agencies;

import city.madang.identity.certificates.Purpose;
import city.madang.kit.caller.CurrentCaller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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

/** {@code /identity/agencies/{agency}/keys}: rotation of the keys with which this service signs for an agency. */
@Path("/identity/agencies/{agency}/keys")
@Produces(MediaType.APPLICATION_JSON)
public class KeyResource {

    /** Purposes for which an agency may bring a key of its own. */
    static final String PURPOSES = "credential-issuer|document-signer|mdoc-status|verifier";

    private static final String THUMBPRINT = "[A-Za-z0-9_-]{43}";

    private static final String HELD_PURPOSES = PURPOSES + "|trust-list";

    private final AgencyKeys keys;
    private final CurrentCaller caller;

    KeyResource(AgencyKeys keys, CurrentCaller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    /** @param replaces {@code kid} of the key in use */
    record Rotation(
            @NotNull @Pattern(regexp = HELD_PURPOSES) String purpose,
            @NotNull @Pattern(regexp = THUMBPRINT) String replaces) {}

    @POST
    @RolesAllowed(CurrentCaller.OFFICER)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make and certify the next key of an agency",
            description =
                    "For a registrar, or an officer of the agency. New credentials and requests are signed with it; "
                            + "what the key before has signed stays good until its certificate ends or is revoked.")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "rotation", value = AgencyExamples.ROTATION)))
    @APIResponse(
            responseCode = "200",
            description = "The certificate of the new key",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyView.CertificateView.class),
                            examples = @ExampleObject(name = "certificate", value = AgencyExamples.CERTIFICATE)))
    @APIResponse(responseCode = "409", description = "The key in use is another one: it was rotated already")
    public Uni<AgencyView.CertificateView> rotate(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency, @NotNull @Valid Rotation rotation) {
        Actor actor = Actor.registrarOrOfficerOf(caller, agency);
        return keys.rotate(agency, Purpose.of(rotation.purpose()).orElseThrow(), rotation.replaces(), actor)
                .map(AgencyView.CertificateView::of);
    }
}
