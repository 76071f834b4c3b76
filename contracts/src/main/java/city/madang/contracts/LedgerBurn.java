package city.madang.contracts;

/**
 * A proposal to burn as the ledger has it.
 *
 * @param amount won
 * @param proposer the address of the treasurer who proposed
 * @param done whether the other treasurer has approved, and the money exists no more
 */
public record LedgerBurn(long amount, String proposer, boolean done) {}
