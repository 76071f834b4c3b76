package city.madang.payment.authorisations;

import city.madang.contracts.PayAuthorisation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An accepted authorisation as its payer and its payee see it.
 *
 * @param id SHA-256 of the signed message
 * @param state {@code held} until it is captured, {@code accepted} until the chain has it, then {@code settled}; or
 *     {@code reversed}
 * @param reason why it was reversed
 * @param from the payer's account
 * @param keyVersion of the key that signed
 * @param to the payee's account
 * @param amount won; of a hold, what may be captured at most
 * @param billHash zero for a plain transfer
 * @param bill the bill's id
 * @param nonce decimal
 * @param validAfter unix seconds
 * @param validBefore unix seconds
 * @param acceptedAt when it was accepted
 * @param finishedAt when it settled or was reversed
 * @param transactionHash the chain's transaction in which it settled
 * @param blockNumber the block of that
 * @param holdUntil until when it was or is held, unix seconds
 * @param capturer the account whose key captures the hold
 * @param capturedAt when its payee captured it
 * @param capturedAmount won that the payee took; the rest is the payer's once it has settled
 * @param refundOf the payment that it pays back
 * @param refunded won of it that accepted or settled refunds pay back, once it has settled
 */
public record AuthorisationView(
        String id,
        String state,
        @Nullable String reason,
        String from,
        long keyVersion,
        String to,
        long amount,
        String billHash,
        @Nullable String bill,
        String nonce,
        long validAfter,
        long validBefore,
        Instant acceptedAt,
        @Nullable Instant finishedAt,
        @Nullable String transactionHash,
        @Nullable Long blockNumber,
        @Nullable Long holdUntil,
        @Nullable String capturer,
        @Nullable Instant capturedAt,
        @Nullable Long capturedAmount,
        @Nullable String refundOf,
        @Nullable Long refunded) {

    /** Won that have moved or will: of a captured hold what was captured. */
    public long moved() {
        return capturedAmount == null ? amount : capturedAmount;
    }

    /** The answer at acceptance, which a replay repeats; reading it tells what became of it since. */
    static AuthorisationView first(Submission submission, Earlier accepted) {
        PayAuthorisation pay = submission.pay();
        return new AuthorisationView(
                submission.id().hex(),
                accepted.holdUntil() == null ? "accepted" : "held",
                null,
                pay.from().hex(),
                pay.keyVersion(),
                pay.to().hex(),
                pay.amount(),
                pay.billHash().hex(),
                null,
                pay.nonce().toString(),
                pay.validAfter(),
                pay.validBefore(),
                accepted.at(),
                null,
                null,
                null,
                accepted.holdUntil(),
                submission.terms().hold() == null
                        ? null
                        : submission.terms().hold().capturer().hex(),
                null,
                null,
                accepted.refundOf() == null ? null : accepted.refundOf().hex(),
                null);
    }
}
