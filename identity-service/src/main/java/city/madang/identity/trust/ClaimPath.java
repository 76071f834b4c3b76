package city.madang.identity.trust;

import city.madang.identity.dcql.ClaimsPath;
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

    ClaimPath {
        steps = Collections.unmodifiableList(new ArrayList<>(steps));
    }

    static ClaimPath parse(@Nullable Object json) throws Malformed {
        List<@Nullable Object> steps = ClaimsPath.parse(json).steps();
        // a trust list is read by people too
        if (steps.stream().anyMatch(step -> step instanceof String name && !name.matches("\\P{Cntrl}+"))) {
            throw new Malformed("a name in a path must be of characters that can be seen");
        }
        return new ClaimPath(steps);
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
