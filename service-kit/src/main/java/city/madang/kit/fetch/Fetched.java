package city.madang.kit.fetch;

/**
 * What an address answered.
 *
 * @param mediaType lower case, without parameters
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Fetched(String mediaType, byte[] body) {}
