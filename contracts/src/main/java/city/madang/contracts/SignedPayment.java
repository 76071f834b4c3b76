package city.madang.contracts;

/**
 * An authorisation with its payer's signature, ready for a batch.
 *
 * @param authorisation what was signed
 * @param signature over {@link PayAuthorisation#message}
 */
public record SignedPayment(PayAuthorisation authorisation, P256Signature signature) {}
