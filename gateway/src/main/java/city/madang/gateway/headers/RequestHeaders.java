package city.madang.gateway.headers;

import io.vertx.core.MultiMap;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a service gets to see of a caller's header fields, and what the gateway says about the caller. */
public final class RequestHeaders {

    /** Names under which one proxy or another tells a service who the caller is: nobody outside may say so. */
    private static final Set<String> FORGEABLE = Set.of(
            "forwarded",
            "via",
            "x-forwarded",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "remote-user",
            "client-cert",
            "client-cert-chain",
            "x-rewrite-url",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "x-request-id",
            "x-roles",
            "x-groups",
            "x-subject",
            "x-tenant",
            "x-email",
            // carries data of the caller's choice into every log and span behind the gateway
            "baggage",
            // read as the variable HTTP_PROXY by some programs
            "proxy",
            // answered by the gateway itself
            "expect",
            // a service hears of the public one alone, as X-Forwarded-Host
            "host");

    private static final List<String> FORGEABLE_PREFIXES = List.of(
            "x-forwarded-",
            "x-original-",
            "x-user",
            "x-remote-",
            "x-agency",
            "x-client-cert",
            "x-client-verify",
            "x-client-dn",
            "x-ssl-",
            "ssl-client-",
            "x-auth-",
            "x-authenticated-",
            "x-envoy-",
            "x-madang-",
            "x-internal-");

    private final String host;
    private final String port;
    private final String scheme;

    /**
     * Binds to the public origin: services hear of no other host, whatever a caller wrote into {@code Host}.
     *
     * @param origin scheme, host and optional port
     */
    public RequestHeaders(URI origin) {
        this.scheme = origin.getScheme();
        this.host = origin.getHost();
        int given = origin.getPort();
        this.port = Integer.toString(given >= 0 ? given : ("https".equals(scheme) ? 443 : 80));
    }

    /**
     * What the gateway says of a request.
     *
     * @param id of the exchange
     * @param caller address of the caller
     * @param certificate {@code Client-Cert} of the caller (RFC 9440), where the service asked to be told; null otherwise
     * @param bearer the access token to be shown instead of what was shown; null if that passes
     */
    public record Said(RequestId id, String caller, @Nullable String certificate, @Nullable String bearer) {}

    /**
     * Gives a service what it may see of a request's fields; the length and the framing of the body are not among them.
     *
     * @param to no fields yet
     * @return the id of the trace that the request is part of
     */
    public String copy(MultiMap from, MultiMap to, Said said) {
        List<String> traces = from.getAll("traceparent");
        boolean traced = traces.size() == 1 && TraceContext.isValid(traces.getFirst());
        HopByHop.copy(
                from,
                to,
                name -> isForgeable(name)
                        || !traced && name.equals("traceparent")
                        || said.bearer() != null && (name.equals("authorization") || name.equals("dpop")));
        // the caller's own if it is a valid one and the only one; else one that begins here
        String trace = to.get("traceparent");
        if (trace == null) {
            trace = TraceContext.create();
            to.remove("tracestate");
            to.add("traceparent", trace);
        }
        to.add(RequestId.HEADER, said.id().value());
        to.add("X-Forwarded-For", said.caller());
        to.add("X-Forwarded-Proto", scheme);
        to.add("X-Forwarded-Host", host);
        to.add("X-Forwarded-Port", port);
        if (said.certificate() != null) {
            to.add("Client-Cert", said.certificate());
        }
        if (said.bearer() != null) {
            to.add("Authorization", "Bearer " + said.bearer());
        }
        return TraceContext.id(trace);
    }

    /** @param name in lower case */
    private static boolean isForgeable(String name) {
        // some servers read X_User and X-User as the same variable
        String plain = name.replace('_', '-');
        if (FORGEABLE.contains(plain)) {
            return true;
        }
        for (String prefix : FORGEABLE_PREFIXES) {
            if (plain.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
