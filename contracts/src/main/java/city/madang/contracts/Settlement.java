package city.madang.contracts;

/**
 * Where the ledger settled an authorisation.
 *
 * @param outcome what was settled
 * @param transactionHash {@code 0x}-hex
 * @param blockNumber the block it is in
 */
public record Settlement(Outcome.Settled outcome, String transactionHash, long blockNumber) {}
