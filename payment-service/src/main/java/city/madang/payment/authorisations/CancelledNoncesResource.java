package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.contracts.NonceCancellation;
import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.chain.LedgerGate;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** Cancelling what was signed but not brought yet. */
@Path("/payment/accounts/{id}/cancelled-nonces/{nonce}")
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class CancelledNoncesResource {

    private static final String VIEW =
            "{\"nonce\": \"259\", \"cancelled_at\": \"2026-11-25T12:00:00Z\", \"on_ledger\": \"pending\"}";

    private final CancelledNonces nonces;
    private final LedgerGate gate;
    private final OwnerOfCall call;

    CancelledNoncesResource(CancelledNonces nonces, LedgerGate gate, OwnerOfCall call) {
        this.nonces = nonces;
        this.gate = gate;
        this.call = call;
    }

    /** The account's key's signature over {@code CancelNonce}. */
    public record Signed(
            @NotNull @Min(1) @Max(Integer.MAX_VALUE) Long keyVersion,
            @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{86}") String signature) {}

    @PUT
    @Operation(
            summary = "Give up a nonce, so that no authorisation with it is accepted any more",
            description = "409 nonce-used when one was accepted. Repeating it changes nothing.")
    @APIResponse(responseCode = "204", description = "it is given up")
    public Uni<Void> cancel(
            @Pattern(regexp = "0x[0-9a-f]{64}") String id, @Pattern(regexp = SignedPay.NONCE) String nonce) {
        return nonces.cancel(
                call.owner(), id, Bytes32.of(SignedPay.nonce(nonce)).hex());
    }

    @PUT
    @Path("/signature")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Give up a nonce here and on the ledger",
            description =
                    "The account's key signs CancelNonce of the ledger's messages: then nobody can settle what was"
                            + " signed with the nonce, this service's operator neither. 409 nonce-used when it was accepted.")
    @RequestBody(
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            "{\"key_version\": 1, \"signature\": \"CgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4_QEFCQ0RFRkdISQ\"}")))
    @APIResponse(
            responseCode = "202",
            content =
                    @Content(
                            schema = @Schema(implementation = CancelledNonces.View.class),
                            examples = @ExampleObject(VIEW)))
    public Uni<RestResponse<CancelledNonces.View>> sign(
            @Pattern(regexp = "0x[0-9a-f]{64}") String id,
            @Pattern(regexp = SignedPay.NONCE) String nonce,
            @NotNull @Valid Signed signed) {
        NonceCancellation cancellation =
                new NonceCancellation(new Bytes32(id), signed.keyVersion(), SignedPay.nonce(nonce));
        return nonces.cancel(
                        call.owner(),
                        cancellation,
                        signed.signature(),
                        gate.ready().separator())
                .map(view -> RestResponse.status(RestResponse.Status.ACCEPTED, view));
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "A nonce that was given up, and whether the ledger knows")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = CancelledNonces.View.class),
                            examples = @ExampleObject(VIEW)))
    public Uni<CancelledNonces.View> get(
            @Pattern(regexp = "0x[0-9a-f]{64}") String id, @Pattern(regexp = SignedPay.NONCE) String nonce) {
        return nonces.get(call.owner(), id, Bytes32.of(SignedPay.nonce(nonce)).hex());
    }
}
