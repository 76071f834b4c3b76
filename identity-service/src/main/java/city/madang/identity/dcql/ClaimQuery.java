package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One claim that is asked for (OpenID4VP 1.0 §6.3).
 *
 * @param id names it in {@code claim_sets}; null if it has none
 * @param values allowed values; any if empty. Integers are {@link Long}
 */
record ClaimQuery(@Nullable String id, ClaimsPath path, List<Object> values) {

    private static final int MOST_VALUES = 20;
    private static final int LONGEST_VALUE = 300;

    static ClaimQuery parse(@Nullable Object json, PresentationFormat format) throws Malformed {
        if (!(json instanceof Map<?, ?> query)) {
            throw new Malformed("a claims query must be an object");
        }
        @Nullable Object id = query.get("id");
        if (id != null
                && (!(id instanceof String text)
                        || !CredentialQuery.ID.matcher(text).matches())) {
            throw new Malformed("the id of a claims query must be 1 to 60 letters, digits, - or _");
        }
        ClaimsPath path = ClaimsPath.parse(query.get("path"));
        if (format == PresentationFormat.MSO_MDOC) {
            path.checkNamesAnElement();
            if (query.containsKey("intent_to_retain") && !(query.get("intent_to_retain") instanceof Boolean)) {
                throw new Malformed("intent_to_retain must be true or false");
            }
        }
        return new ClaimQuery((String) id, path, query.containsKey("values") ? values(query.get("values")) : List.of());
    }

    private static List<Object> values(@Nullable Object json) throws Malformed {
        List<Object> values = new ArrayList<>();
        for (Object value : JsonList.of(json, MOST_VALUES, "values")) {
            @Nullable Object comparable = comparable(value);
            if (comparable instanceof Long
                    || comparable instanceof Boolean
                    || (comparable instanceof String text && text.length() <= LONGEST_VALUE)) {
                values.add(comparable);
            } else {
                throw new Malformed("values must hold texts of at most " + LONGEST_VALUE + ", integers or booleans");
            }
        }
        return List.copyOf(values);
    }

    private static @Nullable Object comparable(@Nullable Object value) {
        return value instanceof Integer number ? Long.valueOf(number) : value;
    }

    /** Whether the claim is there and, if values were given, has one of them. */
    boolean isSatisfiedBy(Map<String, @Nullable Object> claims) {
        List<@Nullable Object> selected = path.select(claims);
        return !selected.isEmpty()
                && (values.isEmpty()
                        || selected.stream().anyMatch(value -> value != null && values.contains(comparable(value))));
    }
}
