package city.madang.payment.keys;

import city.madang.contracts.Bytes32;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.worker.OffLoop;
import city.madang.payment.accounts.KeyProof;
import city.madang.payment.accounts.Owner;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** An account's key, for its owner. */
@Path("/payment/accounts/{id}/key")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class KeysOfAccountResource {

    private static final String EXAMPLE =
            """
            {"key_version": 1, "proof": "eyJ0eXAiOiJtYWRhbmctYWNjb3VudCtqd3QiLCJhbGciOiJFUzI1NiJ9.e30.c2ln",
             "signature": "CgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4_QEFCQ0RFRkdISQ"}""";

    private final KeyRotations rotations;
    private final LedgerGate gate;
    private final OwnerOfCall call;
    private final String audience;

    KeysOfAccountResource(
            KeyRotations rotations,
            LedgerGate gate,
            OwnerOfCall call,
            @ConfigProperty(name = "madang.origin") String origin) {
        this.rotations = rotations;
        this.gate = gate;
        this.call = call;
        this.audience = origin + "/payment";
    }

    /** A new key: a proof that it is held, as for opening an account, and the present key's signature over it. */
    public record NewKey(
            @NotNull @Min(1) @Max(Integer.MAX_VALUE) Long keyVersion,
            @NotNull @Size(max = 4096) String proof,
            @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{86}") String signature) {}

    @PUT
    @Operation(
            summary = "Replace the account's key by one that the present key names",
            description = "The present key signs RotateKey of the ledger's messages. 202: it counts once the account's"
                    + " key_version has risen, a few seconds later; until then nothing new is accepted from the"
                    + " account.")
    @RequestBody(content = @Content(examples = @ExampleObject(EXAMPLE)))
    @APIResponse(responseCode = "202", description = "it is on its way")
    public Uni<RestResponse<Void>> replace(@Pattern(regexp = "0x[0-9a-f]{64}") String id, @NotNull @Valid NewKey key) {
        Owner owner = call.owner();
        String subject = call.subject();
        Bytes32 separator = gate.ready().separator();
        return OffLoop.call(() -> proven(key.proof(), subject))
                .map(proof -> new KeyRotations.Wanted(new Bytes32(id), key.keyVersion(), proof, key.signature()))
                .chain(wanted -> rotations.record(owner, subject, wanted, separator))
                .replaceWith(() -> RestResponse.accepted());
    }

    private KeyProof proven(String proof, String subject) {
        try {
            return KeyProof.verify(proof, audience, subject, Instant.now());
        } catch (KeyProof.Invalid invalid) {
            throw PaymentProblem.INVALID_PROOF.with(String.valueOf(invalid.getMessage()));
        }
    }
}
