package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A claims path pointer (OpenID4VP 1.0 §7): member names, array positions, and null for every element of an array.
 */
public record ClaimsPath(List<@Nullable Object> steps) {

    private static final int LONGEST = 10;
    private static final int LONGEST_NAME = 300;

    /** @throws Malformed if it is no such pointer, or longer than it needs to be */
    public static ClaimsPath parse(@Nullable Object json) throws Malformed {
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

    /** @throws Malformed unless it is a namespace and an element, as in an mdoc (§7.2) */
    void checkNamesAnElement() throws Malformed {
        if (steps.size() != 2 || !(steps.get(1) instanceof String)) {
            throw new Malformed("a path into an mdoc must be a namespace and an element");
        }
    }

    /** What is left of the paths that begin with this name or position. */
    static List<List<@Nullable Object>> after(Object place, List<List<@Nullable Object>> paths) {
        List<List<@Nullable Object>> further = new ArrayList<>();
        for (List<@Nullable Object> path : paths) {
            if (!path.isEmpty() && isAt(path.getFirst(), place)) {
                further.add(path.subList(1, path.size()));
            }
        }
        return further;
    }

    /**
     * Of a value only what the paths lead to: an object that was disclosed as a whole may hold more than was asked for.
     * Elements of an array move up.
     */
    static @Nullable Object pick(@Nullable Object value, List<List<@Nullable Object>> paths) {
        if (paths.stream().anyMatch(List::isEmpty)) {
            return Undisclosed.leftOut(value);
        }
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> picked = new LinkedHashMap<>();
                map.forEach((name, member) -> {
                    List<List<@Nullable Object>> further = after(name, paths);
                    if (!further.isEmpty()) {
                        picked.put(name, pick(member, further));
                    }
                });
                yield picked;
            }
            case List<?> list -> {
                List<@Nullable Object> picked = new ArrayList<>();
                for (int at = 0; at < list.size(); at++) {
                    List<List<@Nullable Object>> further = after(at, paths);
                    if (!further.isEmpty() && list.get(at) != Undisclosed.HERE) {
                        picked.add(pick(list.get(at), further));
                    }
                }
                yield picked;
            }
            case null, default -> value;
        };
    }

    private static boolean isAt(@Nullable Object step, Object place) {
        return step == null ? place instanceof Integer : step.equals(place);
    }

    /** The values that the path selects; none if it selects nothing, or leads through a value of another shape (§7.1). */
    List<@Nullable Object> select(Map<String, @Nullable Object> claims) {
        List<@Nullable Object> selected = new ArrayList<>();
        selected.add(claims);
        for (@Nullable Object step : steps) {
            List<@Nullable Object> next = new ArrayList<>();
            for (@Nullable Object value : selected) {
                if (step instanceof String name && value instanceof Map<?, ?> map) {
                    if (map.containsKey(name)) {
                        next.add(map.get(name));
                    }
                } else if (step instanceof Integer at && value instanceof List<?> list) {
                    if (at < list.size() && list.get(at) != Undisclosed.HERE) {
                        next.add(list.get(at));
                    }
                } else if (step == null && value instanceof List<?> list) {
                    list.stream().filter(element -> element != Undisclosed.HERE).forEach(next::add);
                } else {
                    return List.of();
                }
            }
            selected = next;
        }
        return selected;
    }

    /** Whether a disclosed value at {@code place} lies on the way to what this path asks for, or within it. */
    boolean covers(List<Object> place) {
        for (int i = 0; i < Math.min(place.size(), steps.size()); i++) {
            if (!isAt(steps.get(i), place.get(i))) {
                return false;
            }
        }
        return true;
    }
}
