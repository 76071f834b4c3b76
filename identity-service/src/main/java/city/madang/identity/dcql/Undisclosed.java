package city.madang.identity.dcql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands in an array for an element that the holder kept back, so that those behind it stay where the issuer put them: a position in
 * a claims path means the same to the wallet, which has the whole array, and to the verifier, who has a part of it.
 */
public enum Undisclosed {
    HERE;

    /** The value without such places. */
    static @Nullable Object leftOut(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((name, member) -> copy.put(name, leftOut(member)));
                yield copy;
            }
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>();
                for (Object element : list) {
                    if (element != HERE) {
                        copy.add(leftOut(element));
                    }
                }
                yield copy;
            }
            case null, default -> value;
        };
    }
}
