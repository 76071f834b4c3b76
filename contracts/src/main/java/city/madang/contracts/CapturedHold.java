package city.madang.contracts;

/**
 * A hold and what is taken of it, ready for a batch.
 *
 * @param hold what the payer signed
 * @param signature the payer's, over {@link HoldAuthorisation#message}
 * @param captureKeyVersion the version of the capturer's key
 * @param amount won that are taken
 * @param captureSignature the capturer's, over {@link HoldCapture#message}
 */
public record CapturedHold(
        HoldAuthorisation hold,
        P256Signature signature,
        long captureKeyVersion,
        long amount,
        P256Signature captureSignature)
        implements SettlementItem {

    /** Above what the dearest (first use of a nonce word, a bill, a capturer of its own) was measured to take. */
    public static final long GAS_MAX = 100_000;

    @Override
    public Bytes32 id(Bytes32 domainSeparator) {
        return hold.id(domainSeparator);
    }

    @Override
    public long gasMax() {
        return GAS_MAX;
    }
}
