package city.madang.gateway.headers;

import io.vertx.core.MultiMap;
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
            "http2-settings",
            // the length was read before and is said anew with the body
            "content-length");

    private HopByHop() {}

    /**
     * Copies the fields that may pass: neither the known ones, nor those that {@code Connection} names, nor others.
     *
     * @param others says of a name in lower case whether it stays behind too
     */
    static void copy(MultiMap from, MultiMap to, Predicate<String> others) {
        List<String> named = Fields.connectionOptions(from);
        for (Map.Entry<String, String> field : from) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!ALWAYS.contains(name) && !named.contains(name) && !others.test(name)) {
                to.add(field.getKey(), field.getValue());
            }
        }
    }
}
