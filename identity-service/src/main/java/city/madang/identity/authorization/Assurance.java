package city.madang.identity.authorization;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Levels of assurance, {@code acr} (OpenID Connect Core 1.0 §2). */
final class Assurance {

    private Assurance() {}

    /**
     * Whether a sign-in is good enough.
     *
     * @param levels known levels, the weakest first
     * @param reached of the sign-in
     * @param needed levels that must each be reached, separated by a space; one that is not among the levels only by itself
     */
    static boolean satisfies(List<String> levels, @Nullable String reached, @Nullable String needed) {
        if (needed == null) {
            return true;
        }
        return reached != null
                && Arrays.stream(needed.split(" "))
                        .allMatch(one -> one.equals(reached)
                                || (levels.contains(one) && levels.indexOf(reached) >= levels.indexOf(one)));
    }
}
