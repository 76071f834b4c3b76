package city.madang.gateway.headers;

import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.Set;

/** What a caller gets to see of an answer's header fields, and the security fields that every answer carries. */
public final class ResponseHeaders {

    /** What a service says of itself, which is nobody's business; and where else it could be reached. */
    private static final Set<String> TELLTALE = Set.of("server", "x-powered-by", "alt-svc");

    private final String strictTransportSecurity;

    /**
     * Binds to the configured value.
     *
     * @param strictTransportSecurity value of {@code Strict-Transport-Security} (RFC 6797)
     */
    public ResponseHeaders(String strictTransportSecurity) {
        this.strictTransportSecurity = strictTransportSecurity;
    }

    /**
     * Gives a caller what it may see of the fields of a service's answer, and what every answer carries; the length and the framing of the
     * body are not among them.
     *
     * @param policy Content-Security-Policy for answers that carry none
     * @param toToken whether the request came with a token: then no cache keeps the answer, that of the caller's browser neither, unless
     *     the service says otherwise
     * @param ownCors whether the gateway speaks about cross-origin calls in the service's place
     */
    public void copy(
            MultiMap from, MultiMap to, RequestId id, Optional<String> policy, boolean toToken, boolean ownCors) {
        HopByHop.copy(from, to, name -> TELLTALE.contains(name) || ownCors && name.startsWith("access-control-"));
        secure(to, id);
        policy.ifPresent(value -> setIfAbsent(to, "Content-Security-Policy", value));
        if (toToken) {
            setIfAbsent(to, "Cache-Control", "no-store");
        }
    }

    /** Adds what every answer carries; a service that knows its pages better keeps its own values. */
    public void secure(MultiMap headers, RequestId id) {
        headers.set(RequestId.HEADER, id.value());
        setIfAbsent(headers, "Date", HttpDate.now());
        setIfAbsent(headers, "Strict-Transport-Security", strictTransportSecurity);
        setIfAbsent(headers, "X-Content-Type-Options", "nosniff");
        setIfAbsent(headers, "Referrer-Policy", "no-referrer");
    }

    private static void setIfAbsent(MultiMap headers, String name, String value) {
        if (!headers.contains(name)) {
            headers.set(name, value);
        }
    }
}
