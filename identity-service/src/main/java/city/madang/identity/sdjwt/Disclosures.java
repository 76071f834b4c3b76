package city.madang.identity.sdjwt;

import city.madang.identity.dcql.Undisclosed;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts disclosures back where their digests stand (RFC 9901 §7.1): each is referenced exactly once, none twice, none never.
 * One object serves one credential.
 */
final class Disclosures {

    /** Disclosures in one presentation. */
    static final int MOST = 200;

    private static final Set<String> NEVER_HIDDEN =
            Set.of("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "_sd_alg");

    private final Map<String, List<@Nullable Object>> byDigest = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final List<List<Object>> paths = new ArrayList<>();

    Disclosures(List<String> encoded) throws Malformed {
        if (encoded.size() > MOST) {
            throw new Malformed("too many disclosures");
        }
        for (String text : encoded) {
            List<@Nullable Object> parts = StrictJson.array(new String(Base64Url.decode(text), StandardCharsets.UTF_8));
            boolean shaped = (parts.size() == 2 || (parts.size() == 3 && parts.get(1) instanceof String))
                    && parts.getFirst() instanceof String;
            if (!shaped) {
                throw new Malformed("a disclosure is malformed");
            }
            String digest = Base64Url.encode(Sha256.of(text.getBytes(StandardCharsets.US_ASCII)));
            if (byDigest.put(digest, parts) != null) {
                throw new Malformed("a disclosure is repeated");
            }
        }
    }

    /**
     * The payload as the issuer meant it, as far as it was disclosed, with {@link Undisclosed} in the place of array elements that
     * were not. To be called once.
     */
    Map<String, @Nullable Object> applyTo(Map<String, @Nullable Object> payload) throws Malformed {
        @Nullable Object algorithm = payload.get("_sd_alg");
        if (algorithm != null && !"sha-256".equals(algorithm)) {
            throw new Malformed("_sd_alg must be sha-256");
        }
        Map<String, @Nullable Object> applied = object(payload, List.of());
        applied.remove("_sd_alg");
        if (!byDigest.isEmpty()) {
            throw new Malformed("a disclosure belongs to nothing in the credential");
        }
        return applied;
    }

    /** Where each disclosed value stands, as names and positions. */
    List<List<Object>> paths() {
        return List.copyOf(paths);
    }

    private Map<String, @Nullable Object> object(Map<String, @Nullable Object> source, List<Object> at)
            throws Malformed {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> member : source.entrySet()) {
            if (member.getKey().equals("...")) {
                throw new Malformed("a member is named ...");
            }
            if (!member.getKey().equals("_sd")) {
                result.put(member.getKey(), value(member.getValue(), extended(at, member.getKey())));
            }
        }
        @Nullable Object digests = source.get("_sd");
        if (digests == null) {
            return result;
        }
        if (!(digests instanceof List<?> list)) {
            throw new Malformed("_sd must be an array");
        }
        for (Object digest : list) {
            List<@Nullable Object> disclosure = take(digest);
            if (disclosure == null) {
                continue;
            }
            if (disclosure.size() != 3 || !(disclosure.get(1) instanceof String name)) {
                throw new Malformed("an array element is disclosed as a member");
            }
            boolean forbidden = name.equals("_sd")
                    || name.equals("...")
                    || result.containsKey(name)
                    || (at.isEmpty() && NEVER_HIDDEN.contains(name));
            if (forbidden) {
                throw new Malformed("a disclosed member has a name that it must not have");
            }
            List<Object> path = extended(at, name);
            paths.add(path);
            result.put(name, value(disclosure.get(2), path));
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private @Nullable Object value(@Nullable Object source, List<Object> at) throws Malformed {
        return switch (source) {
            case Map<?, ?> map -> object((Map<String, @Nullable Object>) map, at);
            case List<?> list -> array(list, at);
            case null, default -> source;
        };
    }

    private List<@Nullable Object> array(List<?> source, List<Object> at) throws Malformed {
        List<@Nullable Object> result = new ArrayList<>();
        for (Object element : source) {
            // elements that are kept back hold their places
            List<Object> path = extended(at, result.size());
            if (element instanceof Map<?, ?> map && map.containsKey("...")) {
                List<@Nullable Object> disclosure = take(map.get("..."));
                if (disclosure == null) {
                    result.add(Undisclosed.HERE);
                    continue;
                }
                if (disclosure.size() != 2 || map.size() != 1) {
                    throw new Malformed("a member is disclosed as an array element");
                }
                paths.add(path);
                result.add(value(disclosure.get(1), path));
            } else {
                result.add(value(element, path));
            }
        }
        return result;
    }

    private @Nullable List<@Nullable Object> take(@Nullable Object digest) throws Malformed {
        if (!(digest instanceof String text) || !seen.add(text)) {
            throw new Malformed("a digest is malformed or stands twice");
        }
        return byDigest.remove(text);
    }

    private static List<Object> extended(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return List.copyOf(longer);
    }
}
