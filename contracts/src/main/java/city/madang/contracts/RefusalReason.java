package city.madang.contracts;

/** Why the ledger skipped an authorisation; {@code Refusal} in the contract, where the order of checks is written. */
public enum RefusalReason {
    /** The payer's account does not exist. */
    UNKNOWN_ACCOUNT,
    /** The payer's key has another version by now, or the account has no key yet. */
    WRONG_KEY_VERSION,
    /** The payer has already settled an authorisation with this nonce, perhaps this very one, or cancelled it. */
    NONCE_USED,
    /** Another authorisation has paid this bill. */
    BILL_PAID,
    /** The payer's balance is less than the amount. */
    INSUFFICIENT,
    /** The payer's account is frozen. */
    FROZEN,
    /** The block's time is {@code validBefore} or later. */
    EXPIRED,
    /** The block's time is before {@code validAfter}. */
    NOT_YET_VALID,
    /** The payer's key has not signed exactly this for this ledger. */
    BAD_SIGNATURE,
    /** The payee's account does not exist, or is the payer's own. */
    UNKNOWN_PAYEE,
    /** Zero, or more than a payment may move. */
    BAD_AMOUNT,
    /** More than the hold's payer signed, or less of a hold that pays a bill. */
    NOT_WITHIN_HOLD,
    /** The capturer's account does not exist, is frozen, or its key has another version. */
    WRONG_CAPTURER,
    /** The capturer's key has not signed exactly this capture for this ledger. */
    BAD_CAPTURE;

    /** The reason with the contract's number, which counts from 1. */
    static RefusalReason of(long number) {
        if (number < 1 || number > values().length) {
            throw new ChainException.Unavailable("the ledger gave a refusal reason that is not known: " + number);
        }
        return values()[(int) number - 1];
    }
}
