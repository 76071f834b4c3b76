package city.madang.gateway.headers;

import io.vertx.core.MultiMap;
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
        for (String name : Fields.connectionOptions(headers)) {
            // the length was read before and frames the body; a caller can't have it dropped
            if (!name.isEmpty() && !name.equals("content-length")) {
                headers.remove(name);
            }
        }
        Fields.removeIf(headers, name -> ALWAYS.contains(name) || others.test(name));
    }
}
