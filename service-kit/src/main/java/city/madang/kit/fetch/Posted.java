package city.madang.kit.fetch;

/**
 * What is sent along with a fetch.
 *
 * @param mediaType of the body
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Posted(String mediaType, byte[] body) {}
