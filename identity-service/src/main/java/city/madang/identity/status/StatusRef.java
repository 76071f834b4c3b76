package city.madang.identity.status;

import java.util.Map;
import java.util.UUID;

/**
 * A credential's place in a status list (draft-ietf-oauth-status-list §6.2 and §6.3).
 *
 * @param uri of the list, {@code <origin>/identity/status-lists/<list>}
 * @param index from 0
 */
public record StatusRef(UUID list, String uri, int index) {

    /** The value of the {@code status} claim of an SD-JWT VC, and of the {@code status} element of a Mobile Security Object. */
    public Map<String, Object> toClaim() {
        return Map.of("status_list", Map.of("idx", index, "uri", uri));
    }
}
