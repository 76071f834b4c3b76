package city.madang.identity.jose;

/**
 * A JWE in compact serialization (RFC 7516 §7.1) with direct key agreement, whose encrypted key is empty (RFC 7518 §4.6). Nimbus reads other
 * spellings of the same bytes as well: unused bits, padding, characters that are no base64url.
 */
public final class CompactJwe {

    private static final int PARTS = 5;

    private CompactJwe() {}

    /**
     * The protected header's JSON.
     *
     * @throws Malformed unless it has five parts, each in its one spelling, and no encrypted key
     */
    public static byte[] header(String jwe) throws Malformed {
        String[] parts = jwe.split("\\.", PARTS + 1);
        if (parts.length != PARTS || !parts[1].isEmpty()) {
            throw new Malformed("not a compact JWE with direct key agreement");
        }
        for (int i = 1; i < PARTS; i++) {
            Base64Url.decode(parts[i]);
        }
        return Base64Url.decode(parts[0]);
    }
}
