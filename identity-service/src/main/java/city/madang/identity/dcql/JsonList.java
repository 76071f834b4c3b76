package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DCQL's arrays, which are never empty; and here never without an end. */
final class JsonList {

    private JsonList() {}

    static List<?> of(@Nullable Object json, int most, String name) throws Malformed {
        if (json instanceof List<?> list && !list.isEmpty() && list.size() <= most) {
            return list;
        }
        throw new Malformed(name + " must be an array of 1 to " + most);
    }
}
