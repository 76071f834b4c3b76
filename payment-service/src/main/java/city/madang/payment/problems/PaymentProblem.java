package city.madang.payment.problems;

import city.madang.kit.problem.ProblemType;
import io.quarkiverse.resteasy.problem.HttpProblem;

/** What this service refuses, beside what every service may answer. */
public enum PaymentProblem implements ProblemType {
    LEDGER_UNAVAILABLE(
            "ledger-unavailable",
            "The ledger is not available",
            503,
            "the chain has not been reached yet, or is not the one that this service trusts"),
    OVERLOADED("overloaded", "Too many requests at once", 503, "more authorisations wait than can be kept"),

    EXPOSURE_REACHED(
            "exposure-reached",
            "Too much waits for the ledger",
            503,
            "as much is accepted and not yet final as may be; send it again when the ledger has caught up"),

    INVALID_PROOF("invalid-proof", "The key proof is not valid", 400, "the JWS does not prove possession of the key"),
    PROOF_REPLAYED("proof-replayed", "The key proof was used before", 409, "its jti was seen before"),
    KEY_IN_USE("key-in-use", "Another account has this key", 409, "an account of another owner has the same key"),
    TOO_MANY_ACCOUNTS("too-many-accounts", "Too many accounts", 409, "the owner has as many accounts as one may have"),
    NO_RECEIVING_ACCOUNT(
            "no-receiving-account", "The agency has no account yet", 409, "the agency is not registered here yet"),

    ZERO_AMOUNT("zero-amount", "The amount is zero", 422, "nothing would be paid"),
    NEGATIVE_AMOUNT("negative-amount", "The amount is negative", 422, "money is paid, never taken"),
    AMOUNT_TOO_LARGE(
            "amount-too-large", "The amount is too large", 422, "one payment moves at most 1,000,000,000,000 won"),
    FOREIGN_CURRENCY("foreign-currency", "Not a currency of this ledger", 422, "amounts are in KRW"),

    IDEMPOTENCY_KEY_MISSING(
            "idempotency-key-missing",
            "An Idempotency-Key is needed",
            400,
            "the request makes many things at once and could not be repeated safely without"),
    INVALID_IDEMPOTENCY_KEY(
            "invalid-idempotency-key",
            "The Idempotency-Key is not valid",
            400,
            "it is no structured-field string (in double quotes) of 1 to 64 printable ASCII characters"),
    IDEMPOTENCY_KEY_REUSED(
            "idempotency-key-reused",
            "The Idempotency-Key was used for another request",
            422,
            "each request has its own"),

    BAD_SIGNATURE("bad-signature", "The signature is not valid", 422, "the account's key has not signed exactly this"),
    EXPIRED("expired", "The authorisation has expired", 422, "valid_before has passed"),
    NOT_YET_VALID("not-yet-valid", "The authorisation is not valid yet", 422, "valid_after has not come"),
    EXPIRES_TOO_SOON(
            "expires-too-soon", "The authorisation expires too soon", 422, "it might expire before it could settle"),
    VALID_TOO_LONG("valid-too-long", "The authorisation is valid for too long", 422, "valid_before is too far away"),
    UNKNOWN_ACCOUNT("unknown-account", "No such account of yours", 404, "the payer's account is not the caller's"),
    UNKNOWN_PAYEE("unknown-payee", "No such payee", 422, "the payee's account does not exist"),
    UNKNOWN_CAPTURER(
            "unknown-capturer", "No such capturer", 422, "the payee's owner has no account with a key of this id"),
    WRONG_KEY_VERSION("wrong-key-version", "The key has another version", 409, "the account's key was replaced"),
    SELF_PAYMENT("self-payment", "Payer and payee are the same", 422, "an account does not pay itself"),
    FROZEN("frozen", "The account is frozen", 409, "the payer's account may not pay at present"),
    NONCE_USED("nonce-used", "The nonce was used before", 409, "another authorisation of the payer has this nonce"),
    UNKNOWN_BILL("unknown-bill", "No such bill", 422, "no bill has this hash"),
    BILL_MISMATCH("bill-mismatch", "Not what the bill says", 422, "the amount or the payee differs from the bill's"),
    BILL_ALREADY_PAID("bill-already-paid", "The bill is paid already", 409, "another authorisation pays this bill"),
    BILL_CANCELLED("bill-cancelled", "The bill was cancelled", 409, "the agency has withdrawn the bill"),
    BILL_PAYMENT_COUNTED(
            "bill-payment-counted",
            "The bill has a payment",
            409,
            "a payment of the bill is accepted or settled, so it can't be cancelled; what settled can be refunded"),
    BILL_NOT_PARTIAL("bill-not-partial", "The bill is paid whole or not at all", 409, "it does not permit instalments"),
    BILL_EXCEEDED("bill-exceeded", "More than is left of the bill", 409, "the instalment exceeds what is left to pay"),
    INSTALMENT_MISMATCH(
            "instalment-mismatch",
            "The signature is not for an instalment of this bill",
            422,
            "bill_hash is not derived from instalment_of and the nonce"),
    HOLD_TOO_LONG(
            "hold-too-long",
            "The hold would outlive its authorisation",
            422,
            "hold_until is past, or leaves too little time before valid_before to settle"),
    NOT_HELD("not-held", "Not held", 409, "it was never a hold, or it was captured, voided or has expired"),
    ABOVE_HOLD("above-hold", "More than is held", 422, "the amount exceeds what the payer has signed"),
    CAPTURED_WHOLE("captured-whole", "Captured whole or not at all", 422, "what pays a bill is captured whole"),
    UNKNOWN_PAYMENT("unknown-payment", "No such payment to you", 422, "the caller received no payment of this id"),
    REFUND_MISMATCH(
            "refund-mismatch",
            "The signature is not for a refund of this payment",
            422,
            "bill_hash is not derived from refund_of and the nonce, or the payee is not who had paid"),
    REFUND_EXCEEDS_PAYMENT(
            "refund-exceeds-payment", "More than is left to refund", 409, "all refunds together exceed what was paid"),
    ABOVE_PAYMENT_LIMIT(
            "above-payment-limit", "Above the limit for one payment", 409, "the account's owner has set this limit"),
    ABOVE_DAY_LIMIT("above-day-limit", "Above the limit for a day", 409, "the account's owner has set this limit"),
    INSUFFICIENT_FUNDS("insufficient-funds", "Not enough money", 409, "the available balance is below the amount"),

    NOT_SETTLED("not-settled", "Not settled", 409, "a receipt and refunds are for payments that have settled"),

    KEY_CHANGING(
            "key-changing",
            "The account's key is being replaced",
            409,
            "a new key is on its way to the ledger; try again in a moment, with the new key"),
    ACCOUNT_IN_USE(
            "account-in-use",
            "The account is in use",
            409,
            "it has money, or a payment or a mint from or to it has not ended"),
    HOLDER_MISMATCH(
            "holder-mismatch", "The account is another's", 422, "the account is not of whose identity was proofed"),
    RECOVERY_OPEN("recovery-open", "A recovery is under way", 409, "the account has one that has not ended"),
    RECOVERY_NOT_READY(
            "recovery-not-ready",
            "The recovery is not that far",
            409,
            "the contract does not have it yet, or its delay has not passed"),
    NOT_REDEEMABLE(
            "not-redeemable",
            "Nothing to redeem",
            409,
            "no settled payment into the redemption account has this id, or it is redeemed already"),
    SAME_OFFICER("same-officer", "Another officer must approve", 403, "the proposer approves the own proposal"),

    RESERVE_BELOW_SUPPLY(
            "reserve-below-supply",
            "The reserve is below the supply",
            409,
            "more is minted or approved than this reserve"),
    ABOVE_RESERVE("above-reserve", "Above the reserve", 409, "the mint would raise supply above the attested reserve"),
    SAME_TREASURER("same-treasurer", "Another treasurer must approve", 403, "the proposer approves the own proposal");

    private static final int UNAVAILABLE = 503;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Meaning meaning;

    PaymentProblem(String slug, String title, int status, String when) {
        this.meaning = new Meaning(slug, title, status, when);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }

    /** With what a caller needs to wait: every 503 of this service says when to try again. */
    @Override
    public HttpProblem with(String detail) {
        HttpProblem.Builder problem = HttpProblem.builder()
                .withType(type())
                .withTitle(meaning.title())
                .withStatus(meaning.status())
                .withDetail(detail);
        return meaning.status() == UNAVAILABLE
                ? problem.withHeader("Retry-After", RETRY_AFTER_SECONDS).build()
                : problem.build();
    }
}
