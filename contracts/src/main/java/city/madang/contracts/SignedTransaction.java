package city.madang.contracts;

/**
 * A transaction that can be sent, now or again.
 *
 * @param hash {@code 0x}-hex, what the chain will know it by
 * @param raw {@code 0x}-hex, its wire form
 * @param number the sender's transaction number that it uses up (its "nonce")
 * @param fee what it offers
 */
public record SignedTransaction(String hash, String raw, long number, Fee fee) {

    /** What a node said to a transaction. */
    public enum Answer {
        /** It has it, from now or from before. */
        TAKEN,
        /** The number is used up: by this transaction, or by another. */
        NUMBER_USED,
        /** Another transaction of this number waits in the node and offers no less. */
        UNDERPRICED
    }
}
