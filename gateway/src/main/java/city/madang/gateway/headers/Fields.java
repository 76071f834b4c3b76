package city.madang.gateway.headers;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looking through header fields, once each. */
public final class Fields {

    private Fields() {}

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
