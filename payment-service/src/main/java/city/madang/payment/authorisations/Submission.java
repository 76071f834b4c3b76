package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.contracts.HoldAuthorisation;
import city.madang.contracts.LedgerDomain;
import city.madang.contracts.PayAuthorisation;
import city.madang.kit.tracing.Traceparent;
import city.madang.payment.accounts.Owner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An authorisation as it was brought.
 *
 * @param id SHA-256 of the signed message: the same however the signature is written
 * @param message the 66 signed bytes
 * @param pay what was signed; of a hold all but its capturer, which the terms have, with the maximum as its amount
 * @param signature base64url of r ‖ s
 * @param owner in whose name it was brought
 * @param terms what was said beside it
 * @param traceparent the trace of the request that brought it; null while nothing is traced
 */
// the array is made for this record and never changed
@SuppressWarnings("ArrayRecordComponent")
public record Submission(
        Bytes32 id,
        byte[] message,
        PayAuthorisation pay,
        String signature,
        Owner owner,
        Terms terms,
        @Nullable String traceparent) {

    static Submission of(PayAuthorisation pay, String signature, Owner owner, Terms terms, Bytes32 separator) {
        byte[] message = terms.hold() == null
                ? pay.message(separator)
                : hold(pay, terms.hold().capturer()).message(separator);
        return new Submission(LedgerDomain.idOf(message), message, pay, signature, owner, terms, Traceparent.current());
    }

    /** The members of {@code Hold}. */
    static HoldAuthorisation hold(PayAuthorisation pay, Bytes32 capturer) {
        return new HoldAuthorisation(
                pay.from(),
                pay.keyVersion(),
                pay.to(),
                capturer,
                pay.amount(),
                pay.billHash(),
                pay.nonce(),
                pay.validAfter(),
                pay.validBefore());
    }

    /** The hash by which a bill would be known that this pays, whole or in part. */
    Bytes32 billReferred() {
        return Objects.requireNonNullElse(terms.instalmentOf(), pay.billHash());
    }
}
