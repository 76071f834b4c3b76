package city.madang.identity.dcql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members that are null, as some clients write what they leave out: to us as absent, as everywhere in JSON bodies; to a wallet they
 * are members of the wrong kind (OpenID4VP 1.0 §6). A null in a claims path stays: there it means every element (§7).
 */
public final class NullMembers {

    private NullMembers() {}

    /** The query without them. */
    public static Map<String, @Nullable Object> leftOut(Map<?, ?> query) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        query.forEach((name, member) -> {
            if (member != null) {
                copy.put(String.valueOf(name), value(member));
            }
        });
        return copy;
    }

    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> leftOut(map);
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>();
                list.forEach(each -> copy.add(value(each)));
                yield copy;
            }
            case null, default -> value;
        };
    }
}
