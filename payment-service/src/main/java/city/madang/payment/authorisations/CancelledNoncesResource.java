package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.accounts.OwnerOfCall;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Cancelling what was signed but not brought yet. */
@Path("/payment/accounts/{id}/cancelled-nonces/{nonce}")
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class CancelledNoncesResource {

    private final CancelledNonces nonces;
    private final OwnerOfCall call;

    CancelledNoncesResource(CancelledNonces nonces, OwnerOfCall call) {
        this.nonces = nonces;
        this.call = call;
    }

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
}
