package city.madang.payment.treasury;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;

/**
 * What the contract says about the money at one block, and how anyone who reaches a node makes sure.
 *
 * @param chainId the chain
 * @param contract the ledger's address
 * @param codeSha256 SHA-256 of the code that stands there, {@code 0x}-hex: that of the published artifact
 * @param block at which all of this was read
 * @param supply won in all accounts together
 * @param reserve won that the auditor has attested last
 * @param minted won that were ever minted
 * @param burned won that were ever redeemed
 * @param redemption won that wait to be burned
 * @param bookedSupply won, as booked here: equal to {@code supply} but for what is on its way
 * @param holds whether supply = minted − burned and supply ≤ reserve
 * @param how the JSON-RPC calls that give each of these numbers
 */
public record SupplyReport(
        long chainId,
        String contract,
        String codeSha256,
        Block block,
        long supply,
        long reserve,
        long minted,
        long burned,
        long redemption,
        long bookedSupply,
        boolean holds,
        List<Call> how) {

    /** Keeps its own copy of {@code how}. */
    public SupplyReport {
        how = List.copyOf(how);
    }

    /** A block. */
    public record Block(long number, String hash, Instant time) {}

    /**
     * A call to be made.
     *
     * @param number which of the report's numbers it gives
     * @param method of JSON-RPC
     * @param params as they are sent
     * @param read where the number stands in the answer
     */
    public record Call(
            String number,
            String method,
            // sent to a node as they are: their members keep their names
            @JsonInclude(JsonInclude.Include.ALWAYS) List<Object> params,
            String read) {}
}
