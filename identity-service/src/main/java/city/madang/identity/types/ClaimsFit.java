package city.madang.identity.types;

import city.madang.identity.jose.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the claims that an agency hands over can stand in a credential of a type. */
public final class ClaimsFit {

    /** A claim's value as JSON. */
    private static final int LONGEST_CLAIM = 4096;

    /** Objects and arrays within each other in one claim: well below what is still read back. */
    private static final int DEEPEST_CLAIM = 10;

    private static final Set<String> SD_JWT_NAMES = Set.of("_sd", "_sd_alg", "...");

    private ClaimsFit() {}

    /** Why the claims do not fit, or empty; quotes nothing of them. */
    public static Optional<String> mismatch(CredentialType type, Map<String, ? extends @Nullable Object> claims) {
        if (claims.isEmpty()) {
            return Optional.of("at least one claim is needed");
        }
        for (Map.Entry<String, ? extends @Nullable Object> claim : claims.entrySet()) {
            if (!type.declares(claim.getKey())) {
                return Optional.of("the type does not declare one of the claims");
            }
            @Nullable Object value = claim.getValue();
            if (value == null || StrictJson.write(value).length() > LONGEST_CLAIM) {
                return Optional.of("a claim is null or too long");
            }
            if (!isPlain(value, DEEPEST_CLAIM)) {
                return Optional.of("a claim is nested too deep or uses a name of SD-JWT's own");
            }
        }
        if (type.format() == Format.MSO_MDOC && hasUndeclaredElement(type, claims)) {
            return Optional.of("the type does not declare one of the claims");
        }
        return type.claims().stream().allMatch(claim -> !claim.mandatory() || holds(type, claims, claim.path()))
                ? Optional.empty()
                : Optional.of("a mandatory claim is missing");
    }

    /** An mdoc's elements by name space: given so, or by the element's name alone in the name space of the doctype. */
    public static Map<String, Map<String, Object>> nameSpaces(
            CredentialType type, Map<String, ? extends @Nullable Object> claims) {
        Map<String, Map<String, Object>> nameSpaces = new java.util.LinkedHashMap<>();
        claims.forEach((name, value) -> {
            if (value instanceof Map<?, ?> elements && isNameSpace(type, name)) {
                elements.forEach((element, held) -> nameSpaces
                        .computeIfAbsent(name, first -> new java.util.LinkedHashMap<>())
                        .put(String.valueOf(element), held));
            } else if (value != null) {
                nameSpaces
                        .computeIfAbsent(type.name(), first -> new java.util.LinkedHashMap<>())
                        .put(name, value);
            }
        });
        return nameSpaces;
    }

    private static boolean isNameSpace(CredentialType type, String name) {
        return type.claims().stream().anyMatch(claim -> claim.path().getFirst().equals(name));
    }

    private static boolean hasUndeclaredElement(CredentialType type, Map<String, ? extends @Nullable Object> claims) {
        return nameSpaces(type, claims).entrySet().stream().anyMatch(space -> space.getValue().entrySet().stream()
                .anyMatch(element -> element.getValue() == null
                        || type.claims().stream()
                                .noneMatch(claim -> claim.path().equals(List.of(space.getKey(), element.getKey())))));
    }

    private static boolean holds(
            CredentialType type, Map<String, ? extends @Nullable Object> claims, List<String> path) {
        @Nullable Object at = type.format() == Format.MSO_MDOC ? nameSpaces(type, claims) : claims;
        for (String name : path) {
            at = at instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return at != null;
    }

    /** RFC 9901 §4.1: what is to be signed must not look like digests and placeholders. */
    private static boolean isPlain(@Nullable Object value, int depth) {
        return switch (value) {
            case Map<?, ?> map ->
                depth > 0
                        && map.keySet().stream().noneMatch(SD_JWT_NAMES::contains)
                        && map.values().stream().allMatch(member -> isPlain(member, depth - 1));
            case List<?> list -> depth > 0 && list.stream().allMatch(element -> isPlain(element, depth - 1));
            case null, default -> true;
        };
    }
}
