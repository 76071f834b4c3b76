package city.madang.payment.treasury;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** The reserve and minting. */
@Path("/payment/treasury")
@Produces(MediaType.APPLICATION_JSON)
public class TreasuryResource {

    private static final String BYTES32 = "0x[0-9a-f]{64}";
    private static final long AMOUNT_MAX = 1_000_000_000_000L;
    private static final long RESERVE_MAX = 1_000_000_000_000_000L;

    private static final String REPORT =
            """
            {"chain_id": 31337, "contract": "0x5fbdb2315678afecb367f032d93f642f64180aa3",
             "code_sha256": "0xf7d20133b349de81fede64ac4731817f69e55282add6297fe770ae714e25ca64",
             "block": {"number": 42, "hash": "0x5c604badb6457cec054a011e7e67c78a0e13a08d5c604badb6457cec054a011e",
             "time": "2026-11-25T12:00:00Z"}, "supply": 50000, "reserve": 900000000, "minted": 50000, "burned": 0,
             "redemption": 0, "booked_supply": 50000, "holds": true,
             "how": [{"number": "supply", "method": "eth_call", "params": [{"to":
             "0x5fbdb2315678afecb367f032d93f642f64180aa3", "data": "0x047fc9aa"}, "0x2a"], "read": "the word"}]}""";

    private final Treasury treasury;
    private final SupplyReports reports;
    private final CurrentCaller caller;

    TreasuryResource(Treasury treasury, SupplyReports reports, CurrentCaller caller) {
        this.treasury = treasury;
        this.reports = reports;
        this.caller = caller;
    }

    /** An attestation of the reserve, with the SHA-256 of the document that shows it. */
    public record Attestation(
            @NotNull @Min(0) @Max(RESERVE_MAX) Long amount,
            @NotNull @Pattern(regexp = BYTES32) String evidenceSha256) {}

    /** A proposal to mint. */
    public record Proposal(
            @NotNull @Pattern(regexp = BYTES32) String to, @NotNull @Min(1) @Max(AMOUNT_MAX) Long amount) {}

    @POST
    @Path("/reserve")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.AUDITOR)
    @Operation(summary = "Attest the reserve; supply never exceeds it")
    @APIResponse(
            responseCode = "201",
            description = "attested",
            content = @Content(schema = @Schema(implementation = Treasury.Attested.class)))
    public Uni<RestResponse<Treasury.Attested>> attest(@NotNull @Valid Attestation attestation) {
        return treasury.attest(caller.auditor().subject(), attestation.amount(), attestation.evidenceSha256())
                .map(attested -> RestResponse.status(RestResponse.Status.CREATED, attested));
    }

    @GET
    @Path("/reserve")
    @RolesAllowed({CurrentCaller.TREASURER, CurrentCaller.AUDITOR})
    @Operation(summary = "The latest attestation, and whether the contract has taken it")
    public Uni<Treasury.Attested> attestation() {
        return treasury.latest();
    }

    @POST
    @Path("/mints")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.TREASURER)
    @Operation(summary = "Propose a mint; another treasurer must approve it")
    @APIResponse(
            responseCode = "201",
            description = "proposed",
            content = @Content(schema = @Schema(implementation = Mint.View.class)))
    public Uni<RestResponse<Mint.View>> propose(@NotNull @Valid Proposal proposal) {
        return treasury.propose(caller.officer().subject(), proposal.to(), proposal.amount())
                .map(mint -> RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, mint)
                        .location(URI.create("/payment/treasury/mints/" + mint.id()))
                        .build());
    }

    @POST
    @Path("/mints/{id}/approval")
    @RolesAllowed(CurrentCaller.TREASURER)
    @Operation(summary = "Approve a mint that another treasurer has proposed")
    public Uni<Mint.View> approve(UUID id) {
        return treasury.approve(caller.officer().subject(), id);
    }

    @GET
    @Path("/mints/{id}")
    @RolesAllowed({CurrentCaller.TREASURER, CurrentCaller.AUDITOR})
    @Operation(summary = "What became of a mint")
    public Uni<Mint.View> mint(UUID id) {
        return treasury.get(id);
    }

    @GET
    @Path("/supply")
    @PermitAll
    @Operation(summary = "What is in circulation and the reserve that backs it")
    public Uni<Treasury.Supply> supply() {
        return treasury.supply();
    }

    @GET
    @Path("/supply/report")
    @PermitAll
    @Operation(
            summary = "The money as the contract has it at one block, and the calls with which anyone makes sure",
            description = "May be some seconds old.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(schema = @Schema(implementation = SupplyReport.class), examples = @ExampleObject(REPORT)))
    public Uni<SupplyReport> report() {
        return OffLoop.call(reports::report);
    }
}
