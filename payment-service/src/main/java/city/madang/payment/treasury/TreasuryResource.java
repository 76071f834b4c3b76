package city.madang.payment.treasury;

import city.madang.kit.caller.CurrentCaller;
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
import org.jboss.resteasy.reactive.RestResponse;

/** The reserve and minting. */
@Path("/payment/treasury")
@Produces(MediaType.APPLICATION_JSON)
public class TreasuryResource {

    private static final String BYTES32 = "0x[0-9a-f]{64}";
    private static final long AMOUNT_MAX = 1_000_000_000_000L;
    private static final long RESERVE_MAX = 1_000_000_000_000_000L;

    private final Treasury treasury;
    private final CurrentCaller caller;

    TreasuryResource(Treasury treasury, CurrentCaller caller) {
        this.treasury = treasury;
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
}
