package city.madang.identity.dcql;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose issuers are accepted (OpenID4VP 1.0 §6.1.1), by {@code aki} alone.
 *
 * @param keys key identifiers, base64url, one of which must stand as authority key identifier in the issuer's chain
 */
record TrustedAuthorities(Set<String> keys) {

    private static final int MOST = 10;

    /** A key identifier is a hash, or an agency's own short name for its key. */
    private static final int LONGEST_KEY = 100;

    static @Nullable TrustedAuthorities parse(@Nullable Object json) throws Malformed {
        if (json == null) {
            return null;
        }
        Set<String> keys = new HashSet<>();
        for (Object each : JsonList.of(json, MOST, "trusted_authorities")) {
            if (!(each instanceof Map<?, ?> authority) || !"aki".equals(authority.get("type"))) {
                throw new Malformed("trusted_authorities must be objects of the type aki");
            }
            for (Object value : JsonList.of(authority.get("values"), MOST, "values of trusted_authorities")) {
                if (!(value instanceof String key) || key.length() > LONGEST_KEY || Base64Url.decode(key).length == 0) {
                    throw new Malformed("values of trusted_authorities must be key identifiers in base64url");
                }
                keys.add(key);
            }
        }
        return new TrustedAuthorities(Set.copyOf(keys));
    }

    boolean certify(PresentedCredential credential) {
        return credential.authorityKeys().stream().anyMatch(keys::contains);
    }
}
