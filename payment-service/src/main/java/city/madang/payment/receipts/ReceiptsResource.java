package city.madang.payment.receipts;

import city.madang.contracts.LedgerContract;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.worker.OffLoop;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.authorisations.Authorisations;
import city.madang.payment.authorisations.Transfer;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Receipts of settled payments. */
@Path("/payment/authorisations/{id}/receipt")
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class ReceiptsResource {

    private static final String BYTES32 = "0x[0-9a-f]{64}";

    private static final String EXAMPLE =
            """
            {"madang_receipt": 1, "statement": "eyJ0eXAiOiJtYWRhbmctcmVjZWlwdCtqd3QiLCJhbGciOiJFUzI1NiJ9.e30.c2ln",
             "payer_signature": "bek0EWh_2DKtxAr876UzxPD2JuJTzAwpa_GaMCNn0IVHMClsV8a_yDY9y0AO6C35BmvRtqp8mtmIu3BMcZzqRw",
             "batch": {"index": 0, "size": 2,
             "path": ["0x3a467b916ea51cb5ed5b66b1d8e9fe1ee1a88d844b51d565069a7db73d542629"]}}""";

    private final Authorisations authorisations;
    private final Evidence evidence;
    private final ReceiptSigner signer;
    private final LedgerGate gate;
    private final OwnerOfCall call;

    ReceiptsResource(
            Authorisations authorisations, Evidence evidence, ReceiptSigner signer, LedgerGate gate, OwnerOfCall call) {
        this.authorisations = authorisations;
        this.evidence = evidence;
        this.signer = signer;
        this.gate = gate;
        this.call = call;
    }

    @GET
    @Produces("application/jwt")
    @Operation(summary = "The signed statement of a settled payment, a compact JWS")
    public Uni<String> statement(@Pattern(regexp = BYTES32) String id) {
        return made(id).map(receipt -> receipt.getString("statement"));
    }

    @GET
    @Path("/file")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "The receipt of a settled payment, to be kept and checked offline",
            description =
                    "The signed statement, the payer's signature (of a hold the capturer's too), and the path from the"
                            + " payment to the root of all that its transaction settled.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(schema = @Schema(implementation = ReceiptFile.class), examples = @ExampleObject(EXAMPLE)))
    public Uni<String> file(@Pattern(regexp = BYTES32) String id) {
        return made(id).map(JsonObject::encode);
    }

    private Uni<JsonObject> made(String id) {
        LedgerContract contract = gate.ready().contract();
        return authorisations
                .get(call.owner(), id)
                .map(Transfer::view)
                .invoke(view -> {
                    if (!view.state().equals("settled")) {
                        throw PaymentProblem.NOT_SETTLED.with("the payment is " + view.state());
                    }
                })
                .chain(view -> evidence.of(id)
                        .chain(signed -> OffLoop.call(() -> signer.receipt(view, signed, contract, Instant.now()))));
    }
}
