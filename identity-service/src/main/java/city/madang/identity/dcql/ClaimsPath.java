package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A claims path pointer (OpenID4VP 1.0 §7): member names, array positions, and null for every element of an array.
 */
record ClaimsPath(List<@Nullable Object> steps) {

    private static final int LONGEST = 10;
    private static final int LONGEST_NAME = 300;

    static ClaimsPath parse(@Nullable Object json) throws Malformed {
        if (!(json instanceof List<?> steps)
                || steps.isEmpty()
                || steps.size() > LONGEST
                || !(steps.getFirst() instanceof String)) {
            throw new Malformed("a path must be an array of 1 to " + LONGEST + " that begins with a name");
        }
        for (@Nullable Object step : steps) {
            boolean good =
                    switch (step) {
                        case null -> true;
                        case String name -> name.length() <= LONGEST_NAME;
                        case Integer position -> position >= 0;
                        default -> false;
                    };
            if (!good) {
                throw new Malformed("a step of a path must be a name, a position or null");
            }
        }
        return new ClaimsPath(new ArrayList<>(steps));
    }

    String firstName() {
        return String.valueOf(steps.getFirst());
    }

    /** The values that the path selects; none if it selects nothing. */
    List<@Nullable Object> select(Map<String, @Nullable Object> claims) {
        List<@Nullable Object> selected = new ArrayList<>();
        selected.add(claims);
        for (@Nullable Object step : steps) {
            List<@Nullable Object> next = new ArrayList<>();
            for (@Nullable Object value : selected) {
                if (step instanceof String name && value instanceof Map<?, ?> map && map.containsKey(name)) {
                    next.add(map.get(name));
                } else if (step instanceof Integer at && value instanceof List<?> list && at < list.size()) {
                    next.add(list.get(at));
                } else if (step == null && value instanceof List<?> list) {
                    next.addAll(list);
                }
            }
            selected = next;
        }
        return selected;
    }

    /** Whether a disclosed value at {@code place} lies on the way to what this path asks for, or within it. */
    boolean covers(List<Object> place) {
        for (int i = 0; i < Math.min(place.size(), steps.size()); i++) {
            @Nullable Object step = steps.get(i);
            boolean same = step == null ? place.get(i) instanceof Integer : step.equals(place.get(i));
            if (!same) {
                return false;
            }
        }
        return true;
    }
}
