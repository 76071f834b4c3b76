package city.madang.identity.status;

import city.madang.identity.jose.Malformed;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a presented credential says that its status stands (draft-ietf-oauth-status-list §6.2 and §6.3).
 *
 * @param index not negative
 */
record StatusReference(String uri, long index) {

    private static final int LONGEST_URI = 2048;

    /** @param claim the credential's {@code status}, read from JSON or CBOR */
    static StatusReference of(Object claim) throws Malformed {
        if (!(claim instanceof Map<?, ?> status) || !(status.get("status_list") instanceof Map<?, ?> list)) {
            throw new Malformed("the credential's status stands in no status list");
        }
        @Nullable Object index = list.get("idx");
        if (!(index instanceof Integer || index instanceof Long) || ((Number) index).longValue() < 0) {
            throw new Malformed("idx must be an integer, and not negative");
        }
        if (!(list.get("uri") instanceof String uri) || uri.length() > LONGEST_URI) {
            throw new Malformed("uri must be text, and not too long");
        }
        return new StatusReference(uri, ((Number) index).longValue());
    }
}
