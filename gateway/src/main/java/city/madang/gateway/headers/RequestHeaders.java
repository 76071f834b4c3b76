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
            "expect");

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

    /** Rewrites the fields of a request in place; the id of the trace that it is part of. */
    public String rewrite(MultiMap headers, Said said) {
        HopByHop.remove(headers, RequestHeaders::isForgeable);
        String trace = trace(headers);
        headers.set(RequestId.HEADER, said.id().value());
        headers.set("X-Forwarded-For", said.caller());
        headers.set("X-Forwarded-Proto", scheme);
        headers.set("X-Forwarded-Host", host);
        headers.set("X-Forwarded-Port", port);
        if (said.certificate() != null) {
            headers.set("Client-Cert", said.certificate());
        }
        if (said.bearer() != null) {
            headers.remove("DPoP");
            headers.set("Authorization", "Bearer " + said.bearer());
        }
        return TraceContext.id(trace);
    }

    /** The caller's own if it is a valid one and the only one; else one that begins here. */
    private static String trace(MultiMap headers) {
        List<String> given = headers.getAll("traceparent");
        if (given.size() == 1 && TraceContext.isValid(given.getFirst())) {
            return given.getFirst();
        }
        String begun = TraceContext.create();
        headers.remove("tracestate");
        headers.set("traceparent", begun);
        return begun;
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
