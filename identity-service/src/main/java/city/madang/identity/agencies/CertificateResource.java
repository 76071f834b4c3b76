package city.madang.identity.agencies;

import city.madang.identity.certificates.Purpose;
import city.madang.identity.certificates.SigningRequest;
import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.IdentityProblem;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.security.PublicKey;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code /identity/agencies/{agency}/certificates}: certificates for keys that agencies hold, and the end of certificates. */
@Path("/identity/agencies/{agency}/certificates")
@Produces(MediaType.APPLICATION_JSON)
public class CertificateResource {

    private static final String SHA256 = "[0-9a-f]{64}";

    private final AgencyKeys keys;
    private final CurrentCaller caller;

    CertificateResource(AgencyKeys keys, CurrentCaller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    /** @param csr PKCS#10 (RFC 2986), PEM or the base64 of the DER; only the key is taken from it */
    record OwnKey(
            @NotNull @Pattern(regexp = KeyResource.PURPOSES) String purpose,
            @NotNull @Size(min = 1, max = SigningRequest.LONGEST) String csr) {}

    @POST
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Certify a key that an agency holds itself",
            description =
                    "For an agency that runs an issuer or a verifier of its own. What it signs is trusted within its rights; "
                            + "this service never signs with it. A document-signer signs mdocs and lasts 457 days, an mdoc-status signs"
                            + " their status lists (CWT): both come from the city's IACA. The same request again answers with the same"
                            + " certificate, or the next one when that is due: for mdocs after 90 days.")
    @RequestBody(
            content = @Content(examples = @ExampleObject(name = "own key", value = AgencyExamples.SIGNING_REQUEST)))
    @APIResponse(
            responseCode = "200",
            description = "The certificate",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyView.CertificateView.class),
                            examples = @ExampleObject(name = "certificate", value = AgencyExamples.CERTIFICATE)))
    @APIResponse(responseCode = "409", description = "The key is another agency's, or for another purpose")
    public Uni<AgencyView.CertificateView> certify(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency, @NotNull @Valid OwnKey body) {
        Actor actor = Actor.registrar(caller);
        return OffLoop.call(() -> provenKey(body.csr()))
                .chain(key -> keys.certifyOwn(agency, Purpose.of(body.purpose()).orElseThrow(), key, actor))
                .map(AgencyView.CertificateView::of);
    }

    private static PublicKey provenKey(String csr) {
        try {
            return SigningRequest.provenKey(csr);
        } catch (Malformed refused) {
            throw IdentityProblem.INVALID_SIGNING_REQUEST.with(String.valueOf(refused.getMessage()));
        }
    }

    @POST
    @Path("{sha256}/revocation")
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Revoke a certificate of an agency, and every other of the same key",
            description =
                    "From then on nothing that the key has signed is trusted. If it is the key in use, rotate it first.")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "reason", value = AgencyExamples.REASON)))
    @APIResponse(
            responseCode = "200",
            description = "The certificate that was revoked",
            content =
                    @Content(
                            schema = @Schema(implementation = AgencyView.CertificateView.class),
                            examples = @ExampleObject(name = "certificate", value = AgencyExamples.CERTIFICATE)))
    public Uni<AgencyView.CertificateView> revoke(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency,
            @PathParam("sha256") @Pattern(regexp = SHA256) String sha256,
            StandingResource.@NotNull @Valid Reason body) {
        Actor actor = Actor.registrar(caller);
        return keys.revoke(agency, sha256, body.of(true), body.note(), actor).map(AgencyView.CertificateView::of);
    }
}
