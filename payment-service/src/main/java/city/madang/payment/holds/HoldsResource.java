package city.madang.payment.holds;

import city.madang.contracts.Bytes32;
import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.accounts.Owner;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.authorisations.AuthorisationExamples;
import city.madang.payment.authorisations.AuthorisationView;
import city.madang.payment.authorisations.Authorisations;
import city.madang.payment.authorisations.Transfer;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.money.Won;
import city.madang.payment.requests.ClientKey;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
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

/** The payee's word on what is held for it. */
@Path("/payment/authorisations/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class HoldsResource {

    private static final String BYTES32 = "0x[0-9a-f]{64}";

    private final Holds holds;
    private final Authorisations authorisations;
    private final LedgerGate gate;
    private final OwnerOfCall call;

    HoldsResource(Holds holds, Authorisations authorisations, LedgerGate gate, OwnerOfCall call) {
        this.holds = holds;
        this.authorisations = authorisations;
        this.gate = gate;
        this.call = call;
    }

    /** What is taken of a hold, signed by the capturer's key. */
    public record CaptureOfHold(
            @NotNull @Min(1) @Max(Won.MAX) Long amount,
            @NotNull @Min(1) @Max(Integer.MAX_VALUE) Long keyVersion,
            @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{86}") String signature) {}

    @POST
    @Path("/capture")
    @Operation(
            summary = "Take what is held for the caller, whole or in part: it settles from now on",
            description = "The capturer's key signs Capture of the ledger's messages. Once; what is not taken is the"
                    + " payer's again when it settles. What pays a bill is taken whole. Repeating it changes nothing and"
                    + " answers with Idempotency-Replayed: true.")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequestBody(content = @Content(examples = @ExampleObject(AuthorisationExamples.CAPTURE)))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorisationView.class),
                            examples = @ExampleObject(AuthorisationExamples.CAPTURED)))
    public Uni<RestResponse<AuthorisationView>> capture(
            @Pattern(regexp = BYTES32) String id, @NotNull @Valid CaptureOfHold capture) {
        Owner payee = call.owner();
        Holds.Wanted wanted = new Holds.Wanted(capture.amount(), capture.keyVersion(), capture.signature());
        return holds.capture(payee, new Bytes32(id), wanted, gate.ready().separator())
                .chain(now -> answer(payee, id, now));
    }

    @POST
    @Path("/void")
    @Operation(
            summary = "Give back what is held for the caller",
            description = "Repeating it changes nothing and answers with Idempotency-Replayed: true.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorisationView.class),
                            examples = @ExampleObject(AuthorisationExamples.VOIDED)))
    public Uni<RestResponse<AuthorisationView>> giveUp(@Pattern(regexp = BYTES32) String id) {
        Owner payee = call.owner();
        return holds.giveUp(payee, id).chain(now -> answer(payee, id, now));
    }

    private Uni<RestResponse<AuthorisationView>> answer(Owner payee, String id, boolean now) {
        return authorisations.get(payee, id).map(Transfer::view).map(view -> {
            RestResponse.ResponseBuilder<AuthorisationView> answer = RestResponse.ResponseBuilder.ok(view);
            return now
                    ? answer.build()
                    : answer.header(ClientKey.REPLAYED, "true").build();
        });
    }
}
