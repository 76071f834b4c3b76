package city.madang.contracts;

/** What the ledger did with one item of a batch. */
public sealed interface Outcome {

    /** The authorisation's id. */
    Bytes32 authorisation();

    /**
     * It took effect.
     *
     * @param authorisation the authorisation's id
     * @param from the payer's account
     * @param to the payee's account
     * @param amount won
     * @param billHash the bill it paid, zero for a plain transfer
     */
    record Settled(Bytes32 authorisation, Bytes32 from, Bytes32 to, long amount, Bytes32 billHash) implements Outcome {}

    /**
     * It was skipped in this batch and changed nothing here. After a resend look with {@link LedgerContract#settlementOf} whether
     * an earlier batch settled the same id.
     *
     * @param authorisation the authorisation's id
     * @param reason why
     */
    record Refused(Bytes32 authorisation, RefusalReason reason) implements Outcome {}
}
