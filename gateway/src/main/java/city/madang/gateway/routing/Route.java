package city.madang.gateway.routing;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One service behind the gateway and what of it is public.
 *
 * @param name short name for logs and metrics
 * @param upstream scheme {@code http} or {@code https}, host and port; a path is not rewritten
 * @param paths exact paths, or {@code /prefix/**} for the prefix itself and all below it
 * @param except paths of the same form that stay closed although {@code paths} covers them
 * @param methods the methods that pass
 * @param maxBody bytes of a request body
 * @param requestTimeout from the head of the request to the last byte of its body
 * @param responseTimeout from the last byte of the request to the head of the answer
 * @param contentSecurityPolicy set on answers that carry none
 * @param description path and query of the service's OpenAPI document, for the gateway's own use
 * @param access what callers must show
 * @param limits how many requests pass
 * @param cors which pages of other origins may call; none of them if absent
 * @param webSocket whether connections may be upgraded to WebSocket
 * @param clientCertificate whether the service hears of the certificate of the caller
 */
public record Route(
        String name,
        URI upstream,
        List<String> paths,
        List<String> except,
        Set<String> methods,
        long maxBody,
        Duration requestTimeout,
        Duration responseTimeout,
        Optional<String> contentSecurityPolicy,
        Optional<String> description,
        AccessRules access,
        RouteLimits limits,
        Optional<CorsPolicy> cors,
        boolean webSocket,
        boolean clientCertificate) {

    public Route {
        paths = List.copyOf(paths);
        except = List.copyOf(except);
        methods = Set.copyOf(methods);
        for (String pattern : paths) {
            requirePattern(name, pattern);
        }
        for (String pattern : except) {
            requirePattern(name, pattern);
        }
        if (upstream.getHost() == null
                || upstream.getScheme() == null
                || !upstream.getScheme().matches("https?")) {
            throw new IllegalArgumentException("Route " + name + ": the upstream must be http(s)://host[:port]");
        }
        if (upstream.getPath() != null && !upstream.getPath().matches("/?")) {
            throw new IllegalArgumentException("Route " + name + ": the upstream must have no path");
        }
    }

    /** Whether this route publishes a path. */
    public boolean covers(String path) {
        return isAmong(paths, path) && !isAmong(except, path);
    }

    private static boolean isAmong(List<String> patterns, String path) {
        for (String pattern : patterns) {
            if (matches(pattern, path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the connection to the service is encrypted. */
    public boolean isTls() {
        return "https".equals(upstream.getScheme());
    }

    /** The port, also where the URL leaves it out. */
    public int port() {
        if (upstream.getPort() >= 0) {
            return upstream.getPort();
        }
        return isTls() ? 443 : 80;
    }

    private static boolean matches(String pattern, String path) {
        if (!pattern.endsWith("/**")) {
            return path.equals(pattern);
        }
        int prefix = pattern.length() - 3;
        return path.length() >= prefix
                && path.regionMatches(0, pattern, 0, prefix)
                && (path.length() == prefix || path.charAt(prefix) == '/');
    }

    private static void requirePattern(String name, String pattern) {
        String plain = pattern.endsWith("/**") ? pattern.substring(0, pattern.length() - 3) : pattern;
        if (plain.contains("*") || !(RequestPath.of(plain) instanceof RequestPath.Accepted)) {
            throw new IllegalArgumentException("Route " + name + ": " + pattern + " is no path pattern");
        }
    }
}
