package city.madang.gateway.headers;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

    /** Removes the known ones and those that {@code Connection} names. */
    static void remove(MultiMap headers) {
        Set<String> names = new HashSet<>(ALWAYS);
        List<String> connection = new ArrayList<>(headers.getAll("connection"));
        for (String value : connection) {
            for (String option : value.split(",")) {
                names.add(option.strip().toLowerCase(Locale.ROOT));
            }
        }
        // the length was read before and frames the body; a caller can't have it dropped
        names.remove("content-length");
        names.removeIf(String::isEmpty);
        names.forEach(headers::remove);
    }
}
