package city.madang.payment.recoveries;

import city.madang.contracts.Bytes32;
import city.madang.kit.caller.Caller;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.chain.LedgerGate;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Recoveries: the identity authority proposes, agencies approve, owners veto, everyone sees. */
@Path("/payment/recoveries")
@Produces(MediaType.APPLICATION_JSON)
public class RecoveriesResource {

    private static final String BYTES32 = "0x[0-9a-f]{64}";

    static final String VIEW =
            """
            {"id": "5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10",
             "account": "0x1daef69a8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e9a550f6b5d1f4b0e8c2f", "state": "approved",
             "key_version": 1, "new_key": {"x": "0xfac7e30edd2e42ff78eef0b3c942d8cb0d51a8eb85b061688c33d5d1214d4082",
             "y": "0x3f75c1593a919ee17946bd14fa5211ff1a1e5c0dba68479e4c2973e7d755fee8"}, "number": 1,
             "approvals": 2, "approvals_needed": 2, "ready_at": 1795600000, "requested_at": "2026-11-25T12:00:00Z"}""";

    private final Recoveries recoveries;
    private final LedgerGate gate;
    private final OwnerOfCall call;
    private final CurrentCaller caller;

    RecoveriesResource(Recoveries recoveries, LedgerGate gate, OwnerOfCall call, CurrentCaller caller) {
        this.recoveries = recoveries;
        this.gate = gate;
        this.call = call;
        this.caller = caller;
    }

    /** Whose identity the officer has proofed: a citizen's {@code sub}, or an agency's id. */
    public record Proofed(@NotNull @Size(min = 1, max = 64) @Pattern(regexp = "[A-Za-z0-9-]*") String holder) {}

    /** The present key's signature over {@code VetoRecovery}. */
    public record Veto(
            @NotNull @Min(1) @Max(Integer.MAX_VALUE) Long keyVersion,
            @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{86}") String signature) {}

    /** A page of recoveries. */
    public record Page(List<RecoveryView> items, @Nullable String next) {}

    @GET
    @PermitAll
    @Operation(
            summary = "Recoveries that were proposed and have not ended, or all of an account",
            description =
                    "Public: a delay that nobody can watch protects nobody. An account's id says not whose it is.")
    public Uni<Page> list(
            @QueryParam("account") @Nullable @Pattern(regexp = BYTES32) String account,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Nullable UUID after) {
        return recoveries
                .list(account, after, limit)
                .map(items -> new Page(
                        items, items.size() < limit ? null : items.getLast().id()));
    }

    @GET
    @Path("/{id}")
    @PermitAll
    @Operation(summary = "What became of a recovery")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = RecoveryView.class), examples = @ExampleObject(VIEW)))
    public Uni<RecoveryView> get(UUID id) {
        return recoveries.get(id);
    }

    @POST
    @Path("/{id}/proposal")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Operation(
            summary = "Propose a recovery whose holder was proofed",
            description =
                    "The identity authority names whose identity it has proofed; 422 holder-mismatch when the account"
                            + " is another's.")
    @RequestBody(
            content = @Content(examples = @ExampleObject("{\"holder\": \"0d6b5f0e-9a7c-4a0e-8f4e-2a5a5a1f7c10\"}")))
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = RecoveryView.class), examples = @ExampleObject(VIEW)))
    public Uni<RecoveryView> propose(UUID id, @NotNull @Valid Proofed proofed) {
        return recoveries.propose(caller.officer().subject(), id, proofed.holder());
    }

    @POST
    @Path("/{id}/approval")
    @RolesAllowed(CurrentCaller.OFFICER)
    @Operation(
            summary = "Approve a recovery in the name of the officer's agency",
            description = "Once for each agency of the contract's list. With the last approval that is needed the delay"
                    + " begins.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = RecoveryView.class), examples = @ExampleObject(VIEW)))
    public Uni<RecoveryView> approve(UUID id) {
        Caller.Officer officer = caller.officer();
        if (!gate.ready().keys().agencies().containsKey(officer.agency())) {
            throw CommonProblem.NOT_ALLOWED.with("your agency approves no recoveries here");
        }
        return recoveries.approve(officer.subject(), officer.agency(), id);
    }

    @POST
    @Path("/{id}/veto")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
    @Operation(
            summary = "Stop the recovery of an account of the caller",
            description = "The present key signs VetoRecovery of the ledger's messages.")
    @RequestBody(
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            "{\"key_version\": 1, \"signature\": \"CgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4_QEFCQ0RFRkdISQ\"}")))
    @APIResponse(
            responseCode = "202",
            description = "it is on its way",
            content = @Content(schema = @Schema(implementation = RecoveryView.class)))
    public Uni<RestResponse<RecoveryView>> veto(UUID id, @NotNull @Valid Veto veto) {
        Bytes32 separator = gate.ready().separator();
        return recoveries
                .veto(call.owner(), id, veto.keyVersion(), veto.signature(), separator)
                .map(view -> RestResponse.status(RestResponse.Status.ACCEPTED, view));
    }

    @POST
    @Path("/{id}/withdrawal")
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Operation(summary = "Take a recovery back in the name of the identity authority")
    @APIResponse(
            responseCode = "202",
            description = "it is on its way",
            content = @Content(schema = @Schema(implementation = RecoveryView.class)))
    public Uni<RestResponse<RecoveryView>> withdraw(UUID id) {
        return recoveries
                .withdraw(caller.officer().subject(), id)
                .map(view -> RestResponse.status(RestResponse.Status.ACCEPTED, view));
    }

    @POST
    @Path("/{id}/finish")
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.REGISTRAR})
    @Operation(summary = "Have the new key set once the delay has passed; 409 recovery-not-ready before")
    @APIResponse(
            responseCode = "202",
            description = "it is on its way",
            content = @Content(schema = @Schema(implementation = RecoveryView.class)))
    public Uni<RestResponse<RecoveryView>> finish(UUID id) {
        Owner owner = caller.has(CurrentCaller.REGISTRAR) ? null : call.owner();
        return recoveries.finish(owner, id).map(view -> RestResponse.status(RestResponse.Status.ACCEPTED, view));
    }
}
