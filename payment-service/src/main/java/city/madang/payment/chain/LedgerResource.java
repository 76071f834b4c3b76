package city.madang.payment.chain;

import city.madang.contracts.LedgerContract;
import city.madang.contracts.LedgerDomain;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Which ledger wallets sign for. */
@Path("/payment/ledger")
public class LedgerResource {

    private final LedgerGate gate;

    LedgerResource(LedgerGate gate) {
        this.gate = gate;
    }

    /** The EIP-712 domain, and the account into which money is paid that is to be redeemed. */
    public record Ledger(
            String name,
            String version,
            long chainId,
            String verifyingContract,
            String domainSeparator,
            String redemption) {}

    @GET
    @PermitAll
    @Operation(summary = "The EIP-712 domain of the messages that wallets sign")
    public Ledger ledger() {
        LedgerState.Ready ready = gate.ready();
        LedgerDomain domain = ready.contract().domain();
        return new Ledger(
                LedgerDomain.NAME,
                LedgerDomain.VERSION,
                domain.chainId().longValueExact(),
                domain.verifyingContract(),
                ready.separator().hex(),
                LedgerContract.REDEMPTION.hex());
    }
}
