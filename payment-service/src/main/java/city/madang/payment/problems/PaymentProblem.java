package city.madang.payment.problems;

import city.madang.kit.problem.ProblemType;

/** What this service refuses, beside what every service may answer. */
public enum PaymentProblem implements ProblemType {
    LEDGER_UNAVAILABLE(
            "ledger-unavailable",
            "The ledger is not available",
            503,
            "the chain has not been reached yet, or is not the one that this service trusts"),
    OVERLOADED("overloaded", "Too many requests at once", 503, "more authorisations wait than can be kept"),

    INVALID_PROOF("invalid-proof", "The key proof is not valid", 400, "the JWS does not prove possession of the key"),
    PROOF_REPLAYED("proof-replayed", "The key proof was used before", 409, "its jti was seen before"),
    KEY_IN_USE("key-in-use", "Another account has this key", 409, "an account of another owner has the same key"),
    TOO_MANY_ACCOUNTS("too-many-accounts", "Too many accounts", 409, "the owner has as many accounts as one may have"),
    NO_RECEIVING_ACCOUNT(
            "no-receiving-account", "The agency has no account yet", 409, "the agency is not registered here yet"),

    BAD_SIGNATURE("bad-signature", "The signature is not valid", 422, "the account's key has not signed exactly this"),
    EXPIRED("expired", "The authorisation has expired", 422, "valid_before has passed"),
    NOT_YET_VALID("not-yet-valid", "The authorisation is not valid yet", 422, "valid_after has not come"),
    EXPIRES_TOO_SOON(
            "expires-too-soon", "The authorisation expires too soon", 422, "it might expire before it could settle"),
    VALID_TOO_LONG("valid-too-long", "The authorisation is valid for too long", 422, "valid_before is too far away"),
    UNKNOWN_ACCOUNT("unknown-account", "No such account of yours", 404, "the payer's account is not the caller's"),
    UNKNOWN_PAYEE("unknown-payee", "No such payee", 422, "the payee's account does not exist, or is the payer's own"),
    WRONG_KEY_VERSION("wrong-key-version", "The key has another version", 409, "the account's key was replaced"),
    FROZEN("frozen", "The account is frozen", 409, "the payer's account may not pay at present"),
    NONCE_USED("nonce-used", "The nonce was used before", 409, "another authorisation of the payer has this nonce"),
    UNKNOWN_BILL("unknown-bill", "No such bill", 422, "no bill has this hash"),
    BILL_MISMATCH("bill-mismatch", "Not what the bill says", 422, "the amount or the payee differs from the bill's"),
    BILL_ALREADY_PAID("bill-already-paid", "The bill is paid already", 409, "another authorisation pays this bill"),
    BILL_CANCELLED("bill-cancelled", "The bill was cancelled", 409, "the agency has withdrawn the bill"),
    INSUFFICIENT_FUNDS("insufficient-funds", "Not enough money", 409, "the available balance is below the amount"),

    NOT_SETTLED("not-settled", "Not settled yet", 409, "a receipt exists once the payment has settled"),

    RESERVE_BELOW_SUPPLY(
            "reserve-below-supply",
            "The reserve is below the supply",
            409,
            "more is minted or approved than this reserve"),
    ABOVE_RESERVE("above-reserve", "Above the reserve", 409, "the mint would raise supply above the attested reserve"),
    SAME_TREASURER("same-treasurer", "Another treasurer must approve", 403, "the proposer approves the own proposal");

    private final Meaning meaning;

    PaymentProblem(String slug, String title, int status, String when) {
        this.meaning = new Meaning(slug, title, status, when);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
