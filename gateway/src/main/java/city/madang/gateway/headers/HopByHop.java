package city.madang.gateway.headers;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Fields that concern one connection only and must not be forwarded (RFC 9110, section 7.6.1). */
final class HopByHop {

    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    private HopByHop() {}

    /**
     * Removes the known ones, those that {@code Connection} names, and others.
     *
     * @param others says of a name in lower case whether it goes too
     */
    static void remove(MultiMap headers, Predicate<String> others) {
        for (String value : headers.getAll("connection")) {
            for (String option : value.split(",")) {
                String name = option.strip().toLowerCase(Locale.ROOT);
                // the length was read before and frames the body; a caller can't have it dropped
                if (!name.isEmpty() && !name.equals("content-length")) {
                    headers.remove(name);
                }
            }
        }
        List<String> gone = new ArrayList<>();
        for (Map.Entry<String, String> field : headers) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (ALWAYS.contains(name) || others.test(name)) {
                gone.add(name);
            }
        }
        gone.forEach(headers::remove);
    }
}
