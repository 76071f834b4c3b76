package city.madang.identity.issuance;

/**
 * How a credential is signed, a text or a number by its format. No annotation can say that; {@code mp.openapi.schema} in the
 * service's properties does.
 */
interface SigningAlgorithm {}
