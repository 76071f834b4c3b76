package city.madang.gateway.entry;

import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.pages.Pages;
import city.madang.gateway.problem.Problem;
import city.madang.gateway.relay.Relay;
import city.madang.gateway.routing.RequestPath;
import city.madang.gateway.routing.Route;
import city.madang.gateway.routing.RouteLimits;
import city.madang.gateway.routing.RouteTable;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The order in which a request is looked at: protocol, path, own pages, routes, preflights, methods, tokens, limits. */
final class FrontDoor {

    /** What the gateway serves itself is called so in logs and limits. */
    private static final String OWN = "gateway";

    private static final Logger LOG = Logger.getLogger(FrontDoor.class);

    private final RouteTable routes;
    private final Pages pages;
    private final Relay relay;
    private final Admission admission;
    private final RouteLimits pageLimits;

    FrontDoor(RouteTable routes, Pages pages, Relay relay, Admission admission, RouteLimits pageLimits) {
        this.routes = routes;
        this.pages = pages;
        this.relay = relay;
        this.admission = admission;
        this.pageLimits = pageLimits;
    }

    /** Answers one well-formed request. */
    void enter(Exchange exchange) {
        try {
            admit(exchange);
        } catch (RuntimeException e) {
            LOG.errorf(e, "Failed on a request: %s", exchange.id().value());
            exchange.refuse(Problem.INTERNAL_ERROR, "The gateway failed on this request.");
        }
    }

    private void admit(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        if (request.version() == HttpVersion.HTTP_1_0) {
            exchange.refuse(Problem.VERSION_NOT_SUPPORTED, "Use HTTP/1.1 or HTTP/2.");
            return;
        }
        if (request.version() == HttpVersion.HTTP_1_1
                && request.headers().getAll("host").size() != 1) {
            // RFC 9112, section 3.2
            exchange.refuse(Problem.BAD_REQUEST, "The request must name exactly one host.");
            return;
        }
        if (request.version() == HttpVersion.HTTP_1_1 && !isFramedOnce(request.headers())) {
            // RFC 9112, section 6.1: whoever sends two framings hopes for two readings
            exchange.hangUpAfter();
            exchange.refuse(
                    Problem.BAD_REQUEST,
                    "The length of the body must be said once, and chunked is the only transfer coding.");
            return;
        }
        switch (RequestPath.of(request.uri())) {
            case RequestPath.Refused refused -> exchange.refuse(Problem.BAD_PATH, refused.reason());
            case RequestPath.Accepted accepted -> direct(exchange, accepted.value());
        }
    }

    /** Also false if a field has no name. */
    private static boolean isFramedOnce(MultiMap headers) {
        List<String> codings = headers.getAll("transfer-encoding");
        List<String> lengths = headers.getAll("content-length");
        if (headers.contains("")) {
            return false;
        }
        return codings.isEmpty()
                ? lengths.size() <= 1
                : codings.size() == 1 && lengths.isEmpty() && "chunked".equalsIgnoreCase(codings.getFirst());
    }

    private void direct(Exchange exchange, String path) {
        if (pages.has(path)) {
            exchange.routed(OWN, path);
            admission.countOpen(exchange, OWN, pageLimits, () -> pages.serve(exchange, path));
            return;
        }
        Optional<Route> found = routes.find(path);
        if (found.isEmpty()) {
            exchange.refuse(Problem.NOT_FOUND, "No service publishes anything under this path.");
            return;
        }
        Route route = found.get();
        exchange.routed(route.name(), path);
        if (CrossOrigin.speak(exchange, route)) {
            return;
        }
        if (!route.methods().contains(exchange.request().method().name())) {
            String allowed = route.methods().stream().sorted().collect(Collectors.joining(", "));
            exchange.refuse(Problem.METHOD_NOT_ALLOWED, "Only " + allowed + " pass here.", Map.of("Allow", allowed));
            return;
        }
        admission.admit(exchange, path, route, () -> relay.carry(exchange, route));
    }

    /** Answers a request of which the decoder could make no sense; the connection ends with it. */
    void refuseMalformed(Exchange exchange) {
        Throwable cause = exchange.request().decoderResult().cause();
        exchange.hangUpAfter();
        if (cause instanceof TooLongHttpLineException) {
            exchange.refuse(Problem.URI_TOO_LONG, "Send a shorter path or query.");
        } else if (cause instanceof TooLongHttpHeaderException) {
            exchange.refuse(Problem.HEADERS_TOO_LARGE, "Send fewer or shorter header fields.");
        } else {
            exchange.refuse(Problem.BAD_REQUEST, "The request can't be read as HTTP.");
        }
    }
}
