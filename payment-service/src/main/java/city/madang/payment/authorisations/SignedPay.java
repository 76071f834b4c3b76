package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import city.madang.payment.problems.AmountInRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A body of {@code POST /payment/authorisations}: the members of {@code Pay}, the signature over it, and what it is for. With
 * {@code capturer} and {@code holdUntil} it is a {@code Hold}, whose {@code maxAmount} is {@code amount}.
 *
 * @param from the payer's account
 * @param keyVersion of the key that signed
 * @param to the payee's account
 * @param amount won
 * @param currency may be named; the message names none
 * @param billHash zero, a bill's hash, or a {@link Reference}
 * @param nonce decimal, 256 bits
 * @param validAfter unix seconds
 * @param validBefore unix seconds
 * @param signature base64url of r ‖ s
 * @param instalmentOf hash of the bill of which this pays a part
 * @param refundOf id of the payment that this pays back
 * @param capturer the account whose key captures the hold: the payee's, or another of the payee's owner
 * @param holdUntil unix seconds until which it is held
 */
public record SignedPay(
        @NotNull @Pattern(regexp = BYTES32) String from,
        @NotNull @Min(1) @Max(KEY_VERSION_MAX) Long keyVersion,
        @NotNull @Pattern(regexp = BYTES32) String to,
        @NotNull BigInteger amount,
        @Nullable @Size(max = CURRENCY_LENGTH) String currency,
        @NotNull @Pattern(regexp = BYTES32) String billHash,
        @NotNull @Pattern(regexp = NONCE) String nonce,
        @NotNull @Min(0) @Max(SECONDS_MAX) Long validAfter,
        @NotNull @Min(1) @Max(SECONDS_MAX) Long validBefore,
        @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{86}") String signature,
        @Nullable @Pattern(regexp = BYTES32) String instalmentOf,
        @Nullable @Pattern(regexp = BYTES32) String refundOf,
        @Nullable @Pattern(regexp = BYTES32) String capturer,
        @Nullable @Min(1) @Max(SECONDS_MAX) Long holdUntil) {

    /** A nonce as callers write it. */
    static final String NONCE = "0|[1-9][0-9]{0,77}";

    private static final String BYTES32 = "0x[0-9a-f]{64}";
    private static final long KEY_VERSION_MAX = Integer.MAX_VALUE;

    /** Unix seconds far beyond any window, small enough to be added to. */
    private static final long SECONDS_MAX = 1L << 40;

    private static final int NONCE_BITS = 256;
    private static final int NONCE_DIGITS = 78;
    private static final int CURRENCY_LENGTH = 3;
    private static final int SIGNATURE_LENGTH = 86;

    /**
     * Whether no constraint of these members is broken: what the validator finds, in a tenth of the time. Which one is broken, only the
     * validator says.
     */
    boolean keepsConstraints() {
        return Bytes32.isForm(from)
                && isWithin(1, keyVersion, KEY_VERSION_MAX)
                && Bytes32.isForm(to)
                && amount != null
                && (currency == null || currency.length() <= CURRENCY_LENGTH)
                && Bytes32.isForm(billHash)
                && isNonce(nonce)
                && isWithin(0, validAfter, SECONDS_MAX)
                && isWithin(1, validBefore, SECONDS_MAX)
                && isBase64Url(signature)
                && (instalmentOf == null || Bytes32.isForm(instalmentOf))
                && (refundOf == null || Bytes32.isForm(refundOf))
                && (capturer == null || Bytes32.isForm(capturer))
                && (holdUntil == null || isWithin(1, holdUntil, SECONDS_MAX));
    }

    private static boolean isWithin(long least, @Nullable Long number, long most) {
        return number != null && number >= least && number <= most;
    }

    private static boolean isNonce(@Nullable String text) {
        return text != null
                && !text.isEmpty()
                && text.length() <= NONCE_DIGITS
                && (text.charAt(0) != '0' || text.length() == 1)
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    private static boolean isBase64Url(@Nullable String text) {
        return text != null
                && text.length() == SIGNATURE_LENGTH
                && text.chars()
                        .allMatch(sign -> sign >= 'A' && sign <= 'Z'
                                || sign >= 'a' && sign <= 'z'
                                || sign >= '0' && sign <= '9'
                                || sign == '-'
                                || sign == '_');
    }

    /**
     * As it is brought in the owner's name.
     *
     * @param clientKey the Idempotency-Key, if there is one
     * @param separator of the ledger's domain
     */
    Submission submission(Owner owner, @Nullable String clientKey, Bytes32 separator) {
        if (validAfter >= validBefore) {
            throw CommonProblem.INVALID_REQUEST.with("valid_after is not before valid_before");
        }
        if (!isCanonical(signature)) {
            throw CommonProblem.INVALID_REQUEST.with("signature is not the base64url of 64 bytes");
        }
        if ((capturer == null) != (holdUntil == null)) {
            throw CommonProblem.INVALID_REQUEST.with("a hold has both capturer and hold_until");
        }
        if (refundOf != null && (holdUntil != null || instalmentOf != null)) {
            throw CommonProblem.INVALID_REQUEST.with("a refund is neither held nor an instalment");
        }
        PayAuthorisation pay = new PayAuthorisation(
                new Bytes32(from),
                keyVersion,
                new Bytes32(to),
                AmountInRequest.won(amount, currency),
                new Bytes32(billHash),
                nonce(nonce),
                validAfter,
                validBefore);
        Terms terms = new Terms(id(instalmentOf), id(refundOf), hold(), clientKey);
        return Submission.of(pay, signature, owner, terms, separator);
    }

    /** A nonce of at most 256 bits, or a problem. */
    static BigInteger nonce(String decimal) {
        BigInteger nonce = new BigInteger(decimal);
        if (nonce.bitLength() > NONCE_BITS) {
            throw CommonProblem.INVALID_REQUEST.with("nonce has more than 256 bits");
        }
        return nonce;
    }

    private Terms.@Nullable Hold hold() {
        return capturer == null || holdUntil == null ? null : new Terms.Hold(holdUntil, new Bytes32(capturer));
    }

    private static @Nullable Bytes32 id(@Nullable String hex) {
        return hex == null ? null : new Bytes32(hex);
    }

    /** 86 characters carry four bits that no byte uses; they must be zero, which these last ones are. */
    private static boolean isCanonical(String signature) {
        return "AQgw".indexOf(signature.charAt(SIGNATURE_LENGTH - 1)) >= 0;
    }
}
