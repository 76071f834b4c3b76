package city.madang.gateway.entry;

import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.routing.CorsPolicy;
import city.madang.gateway.routing.Route;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Cross-origin calls from browsers (Fetch, "CORS protocol"), for the routes that speak about them. */
final class CrossOrigin {

    /** How long a browser remembers the answer to a preflight. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final String POLICY = "default-src 'none'; frame-ancestors 'none'";

    /** What may be sent: RFC 9449 and RFC 9110 fields that wallets and consoles use. */
    private static final String HEADERS =
            "Authorization, Content-Type, DPoP, Accept, Accept-Language, Idempotency-Key, If-Match, If-None-Match, "
                    + "OAuth-Client-Attestation, OAuth-Client-Attestation-PoP, X-Request-Id, traceparent, tracestate";

    private CrossOrigin() {}

    /** Has the answer say whether the page that asked may read it. Returns whether the request was a preflight, answered by this. */
    static boolean speak(Exchange exchange, Route route) {
        if (route.cors().isEmpty()) {
            return false;
        }
        CorsPolicy policy = route.cors().get();
        @Nullable String origin = exchange.request().getHeader("origin");
        if (policy.varies()) {
            exchange.say("Vary", "Origin");
        }
        if (origin == null) {
            return false;
        }
        @Nullable String allowed = policy.allowed(origin);
        boolean preflight = exchange.request().method() == HttpMethod.OPTIONS
                && exchange.request().headers().contains("access-control-request-method");
        if (allowed != null) {
            exchange.say("Access-Control-Allow-Origin", allowed);
            if (preflight) {
                exchange.say(
                        "Access-Control-Allow-Methods",
                        route.methods().stream().sorted().collect(Collectors.joining(", ")));
                exchange.say("Access-Control-Allow-Headers", HEADERS);
                exchange.say("Access-Control-Max-Age", Long.toString(REMEMBERED.toSeconds()));
            } else {
                exchange.say("Access-Control-Expose-Headers", policy.exposed());
            }
        }
        if (preflight) {
            exchange.answer(200, "text/plain", Buffer.buffer(), POLICY, "no-store");
        }
        return preflight;
    }
}
