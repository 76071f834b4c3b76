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
     * Rewrites the fields of a service's answer in place.
     *
     * @param policy Content-Security-Policy for answers that carry none
     * @param toToken whether the request came with a token: then no cache keeps the answer, that of the caller's browser neither, unless
     *     the service says otherwise
     */
    public void rewrite(MultiMap headers, RequestId id, Optional<String> policy, boolean toToken) {
        HopByHop.remove(headers, TELLTALE::contains);
        secure(headers, id);
        policy.ifPresent(value -> setIfAbsent(headers, "Content-Security-Policy", value));
        if (toToken) {
            setIfAbsent(headers, "Cache-Control", "no-store");
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
