package city.madang.contracts;

/**
 * A proposal to mint as the ledger has it.
 *
 * @param to the account that receives
 * @param amount won
 * @param proposer the address of the treasurer who proposed
 * @param done whether the other treasurer has approved, and the money exists
 */
public record LedgerMint(Bytes32 to, long amount, String proposer, boolean done) {}
