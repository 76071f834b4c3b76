package city.madang.identity.status;

import city.madang.identity.jose.Malformed;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a presented credential says that its status stands. */
sealed interface StatusReference {

    int LONGEST_URI = 2048;

    /** Bytes; it is to be random, and a hash has fewer. */
    int LONGEST_IDENTIFIER = 64;

    /** Of the list. */
    String uri();

    /**
     * In a Token Status List (draft-ietf-oauth-status-list §6.2 and §6.3).
     *
     * @param index not negative
     */
    record Entry(String uri, long index) implements StatusReference {}

    /** In a list of revoked documents (ISO/IEC 18013-5 §12.3.6.4). */
    record Identifier(String uri, ByteBuffer id) implements StatusReference {}

    /** @param claim the credential's {@code status}, read from JSON or CBOR */
    static StatusReference of(Object claim) throws Malformed {
        if (claim instanceof Map<?, ?> status) {
            if (status.get("status_list") instanceof Map<?, ?> list) {
                return new Entry(uri(list), index(list.get("idx")));
            }
            if (status.get("identifier_list") instanceof Map<?, ?> list) {
                return new Identifier(uri(list), id(list.get("id")));
            }
        }
        throw new Malformed("the credential's status stands in no list that is understood");
    }

    private static String uri(Map<?, ?> list) throws Malformed {
        if (list.get("uri") instanceof String uri && uri.length() <= LONGEST_URI) {
            return uri;
        }
        throw new Malformed("uri must be text, and not too long");
    }

    private static long index(@Nullable Object index) throws Malformed {
        if ((index instanceof Integer || index instanceof Long) && ((Number) index).longValue() >= 0) {
            return ((Number) index).longValue();
        }
        throw new Malformed("idx must be an integer, and not negative");
    }

    private static ByteBuffer id(@Nullable Object id) throws Malformed {
        if (id instanceof byte[] bytes && bytes.length > 0 && bytes.length <= LONGEST_IDENTIFIER) {
            return ByteBuffer.wrap(bytes);
        }
        throw new Malformed("id must be a byte string, and not too long");
    }
}
