package city.madang.contracts;

/** What a batch carries to the ledger: a signed payment, or a hold with what its capturer takes of it. */
public sealed interface SettlementItem permits SignedPayment, CapturedHold {

    /** The id of what the payer signed, by which the ledger tells what became of it. */
    Bytes32 id(Bytes32 domainSeparator);

    /** The most gas that the ledger was measured to take for the dearest of this kind, and some room. */
    long gasMax();
}
