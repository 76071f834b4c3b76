package city.madang.payment.authorisations;

/** Why an authorisation is not accepted; each is a problem type of the same name. */
public enum Refusal {
    UNKNOWN_ACCOUNT,
    WRONG_KEY_VERSION,
    BAD_SIGNATURE,
    NOT_YET_VALID,
    EXPIRED,
    EXPIRES_TOO_SOON,
    VALID_TOO_LONG,
    UNKNOWN_PAYEE,
    FROZEN,
    NONCE_USED,
    UNKNOWN_BILL,
    BILL_MISMATCH,
    BILL_ALREADY_PAID,
    BILL_CANCELLED,
    INSUFFICIENT_FUNDS
}
