package city.madang.gateway.headers;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Looking through header fields, once each. */
public final class Fields {

    private Fields() {}

    /** Removes the fields of whose names in lower case this is true. */
    public static void removeIf(MultiMap headers, Predicate<String> isGone) {
        List<String> gone = new ArrayList<>();
        for (Map.Entry<String, String> field : headers) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (isGone.test(name)) {
                gone.add(name);
            }
        }
        gone.forEach(headers::remove);
    }

    /** The options of {@code Connection} in lower case (RFC 9110, section 7.6.1). */
    public static List<String> connectionOptions(MultiMap headers) {
        List<String> options = new ArrayList<>();
        for (String value : headers.getAll("connection")) {
            for (String option : value.split(",")) {
                options.add(option.strip().toLowerCase(Locale.ROOT));
            }
        }
        return options;
    }
}
