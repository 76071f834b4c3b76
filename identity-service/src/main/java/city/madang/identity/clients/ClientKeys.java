package city.madang.identity.clients;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.StrictJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public keys with which an agency signs its client assertions (RFC 7523), as a JWK set reduced to what is needed.
 *
 * @param byKid in the set's order
 */
record ClientKeys(Map<String, PublicJwk> byKid) {

    private static final int MOST = 10;
    private static final int LONGEST_KID = 200;

    /** @throws Malformed unless it is a set of 1 to 10 different public P-256 keys for signatures, with different kid */
    static ClientKeys parse(Map<String, ?> jwks) throws Malformed {
        if (!(jwks.get("keys") instanceof List<?> keys) || keys.isEmpty() || keys.size() > MOST) {
            throw new Malformed("keys must be an array of 1 to " + MOST);
        }
        Map<String, PublicJwk> byKid = new LinkedHashMap<>();
        for (Object each : keys) {
            PublicJwk key = PublicJwk.parse(each);
            String kid = kid((Map<?, ?>) each, key);
            if (byKid.containsValue(key) || byKid.put(kid, key) != null) {
                throw new Malformed("a key or a kid stands twice");
            }
        }
        return new ClientKeys(byKid);
    }

    private static String kid(Map<?, ?> jwk, PublicJwk key) throws Malformed {
        if (jwk.containsKey("use") && !"sig".equals(jwk.get("use"))) {
            throw new Malformed("a key is not for signatures");
        }
        if (jwk.containsKey("alg") && !"ES256".equals(jwk.get("alg"))) {
            throw new Malformed("a key is not for ES256");
        }
        @Nullable Object kid = jwk.get("kid");
        if (kid == null) {
            return key.thumbprint();
        }
        if (kid instanceof String text
                && !text.isBlank()
                && text.length() <= LONGEST_KID
                && text.matches("\\P{Cntrl}+")) {
            return text;
        }
        throw new Malformed("kid must be a text of at most " + LONGEST_KID);
    }

    /** The set as JSON. */
    String toJson() {
        List<Map<String, Object>> keys = new ArrayList<>();
        byKid.forEach((kid, key) -> {
            Map<String, Object> jwk = key.toJson();
            jwk.put("kid", kid);
            jwk.put("use", "sig");
            jwk.put("alg", "ES256");
            keys.add(jwk);
        });
        return StrictJson.write(Map.of("keys", keys));
    }

    /** For the record of changes. */
    String thumbprints() {
        return String.join(
                " ", byKid.values().stream().map(PublicJwk::thumbprint).toList());
    }
}
