package city.madang.contracts;

/**
 * An authorisation with its payer's signature, ready for a batch.
 *
 * @param authorisation what was signed
 * @param signature over {@link PayAuthorisation#message}
 */
public record SignedPayment(PayAuthorisation authorisation, P256Signature signature) implements SettlementItem {

    /** Above what the dearest (first use of a nonce word, a bill) was measured to take. */
    public static final long GAS_MAX = 82_000;

    @Override
    public Bytes32 id(Bytes32 domainSeparator) {
        return authorisation.id(domainSeparator);
    }

    @Override
    public long gasMax() {
        return GAS_MAX;
    }
}
