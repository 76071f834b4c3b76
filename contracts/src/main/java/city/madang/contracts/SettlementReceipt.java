package city.madang.contracts;

import java.util.List;

/**
 * What became of a batch.
 *
 * @param transactionHash {@code 0x}-hex
 * @param blockNumber the block it is in
 * @param blockHash that block's hash, {@code 0x}-hex
 * @param gasUsed by the whole transaction
 * @param outcomes one for each item of the batch: its payments in their order, then its captured holds in theirs
 */
public record SettlementReceipt(
        String transactionHash, long blockNumber, String blockHash, long gasUsed, List<Outcome> outcomes) {

    /** Keeps its own copy of {@code outcomes}. */
    public SettlementReceipt {
        outcomes = List.copyOf(outcomes);
    }
}
