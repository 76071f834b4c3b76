package city.madang.records.catalogue.definition;

/**
 * One thing that is wrong with a document that a caller sent.
 *
 * @param pointer RFC 6901 pointer to the member at fault
 * @param message what is wrong, without the value
 */
public record FormError(String pointer, String message) {}
