package city.madang.identity.trust;

import city.madang.identity.jose.Malformed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A claims path pointer (OpenID4VP 1.0 §7) that an agency may ask for, with all that is within it.
 *
 * @param steps names, positions, null for every element of an array; in an mdoc the name space and the element
 */
record ClaimPath(List<@Nullable Object> steps) {

    private static final int LONGEST = 10;
    private static final int LONGEST_NAME = 300;

    ClaimPath {
        steps = Collections.unmodifiableList(new ArrayList<>(steps));
    }

    static ClaimPath parse(@Nullable Object json) throws Malformed {
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
                        case String name -> name.length() <= LONGEST_NAME && name.matches("\\P{Cntrl}+");
                        case Integer position -> position >= 0;
                        default -> false;
                    };
            if (!good) {
                throw new Malformed("a step of a path must be a name, a position or null");
            }
        }
        return new ClaimPath(new ArrayList<>(steps));
    }

    /**
     * Whether everything that {@code asked} selects lies within this. Whoever asks for less of the way, or for every element where this
     * names one, asks for more.
     */
    boolean covers(List<@Nullable Object> asked) {
        if (asked.size() < steps.size()) {
            return false;
        }
        for (int i = 0; i < steps.size(); i++) {
            @Nullable Object mine = steps.get(i);
            @Nullable Object theirs = asked.get(i);
            boolean within = mine == null ? theirs == null || theirs instanceof Integer : mine.equals(theirs);
            if (!within) {
                return false;
            }
        }
        return true;
    }
}
