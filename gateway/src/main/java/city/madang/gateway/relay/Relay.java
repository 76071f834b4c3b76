package city.madang.gateway.relay;

import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.headers.RequestHeaders;
import city.madang.gateway.headers.ResponseHeaders;
import city.madang.gateway.problem.Problem;
import city.madang.gateway.routing.Route;
import city.madang.gateway.tokens.ClientCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Carries requests to services. A request is sent at most once: a connection that was refused is tried again for an idempotent
 * request, and a kept one that turns out closed is replaced for any, when no byte had left.
 */
public final class Relay {

    /** Seconds after which a caller may come back when the gateway is full. */
    private static final String RETRY_AFTER_SECONDS = "1";

    /** RFC 9110, section 9.2.2. */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private static final Logger LOG = Logger.getLogger(Relay.class);

    private final Vertx vertx;
    private final Supplier<HttpClient> clients;
    private final RequestHeaders requestHeaders;
    private final ResponseHeaders responseHeaders;
    private final Terms terms;
    private final Upstreams upstreams;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * What a relay keeps to.
     *
     * @param maxRequests requests under way in all
     * @param bodyIdleTimeout how long a body may stand still
     * @param connectRetries further attempts after a refused connection
     * @param connectRetryDelay time before each of them
     */
    public record Terms(int maxRequests, Duration bodyIdleTimeout, int connectRetries, Duration connectRetryDelay) {}

    /**
     * A relay.
     *
     * @param clients gives the connections of the event loop that asks; they are never too few, since {@code upstreams} bounds what is
     *     under way
     */
    public Relay(
            Vertx vertx,
            Supplier<HttpClient> clients,
            RequestHeaders requestHeaders,
            ResponseHeaders responseHeaders,
            Upstreams upstreams,
            Terms terms) {
        this.vertx = vertx;
        this.clients = clients;
        this.requestHeaders = requestHeaders;
        this.responseHeaders = responseHeaders;
        this.upstreams = upstreams;
        this.terms = terms;
    }

    /** Requests under way. */
    public int underWay() {
        return underWay.get();
    }

    /** Carries one request along a route, and answers it in every case. */
    public void carry(Exchange exchange, Route route) {
        if (exchange.announcedLength() > route.maxBody()) {
            refuseBody(exchange, route);
            return;
        }
        if (underWay.incrementAndGet() > terms.maxRequests()) {
            underWay.decrementAndGet();
            refuseForNow(exchange);
            return;
        }
        Upstream service = upstreams.of(route);
        switch (service.enter()) {
            case ADMITTED -> connect(exchange, route, service, terms.connectRetries());
            case FULL -> {
                underWay.decrementAndGet();
                refuseForNow(exchange);
            }
            case RESTING -> {
                underWay.decrementAndGet();
                exchange.refuse(
                        Problem.UPSTREAM_RESTING,
                        "The service behind this path has failed too often. Nothing was sent to it; try again shortly.",
                        Map.of("Retry-After", upstreams.retryAfter()));
            }
        }
    }

    private void leave(Upstream service) {
        service.left();
        underWay.decrementAndGet();
    }

    private void connect(Exchange exchange, Route route, Upstream service, int retriesLeft) {
        RequestOptions options = new RequestOptions()
                .setHost(route.upstream().getHost())
                .setPort(route.port())
                .setSsl(route.isTls())
                .setMethod(exchange.request().method())
                .setURI(exchange.request().uri());
        clients.get().request(options).onComplete(connected -> {
            boolean mayTryAgain =
                    retriesLeft > 0 && !exchange.request().response().closed();
            if (connected.succeeded()) {
                send(exchange, route, service, connected.result());
            } else if (mayTryAgain && connected.cause() instanceof HttpClosedException) {
                // a kept connection that the service closed just now: nothing was sent on it, so this is no second try
                // (RFC 9112 §9.3.1)
                connect(exchange, route, service, retriesLeft - 1);
            } else if (mayTryAgain
                    && connected.cause() instanceof ConnectException
                    && IDEMPOTENT.contains(exchange.request().method())) {
                vertx.setTimer(
                        terms.connectRetryDelay().toMillis(),
                        later -> connect(exchange, route, service, retriesLeft - 1));
            } else {
                service.failed(connected.cause());
                leave(service);
                refuseUnconnected(exchange, route, connected.cause());
            }
        });
    }

    private void send(Exchange exchange, Route route, Upstream service, HttpClientRequest upstream) {
        if (exchange.request().response().closed()) {
            // the caller is gone, and nothing was sent yet
            upstream.reset();
            service.abandoned();
            leave(service);
            return;
        }
        if (route.webSocket() && Tunnel.isAskedFor(exchange.request())) {
            new Tunnel(exchange, route, upstream, service)
                    .run(requestHeaders, responseHeaders, route.responseTimeout())
                    .onComplete(over -> leave(service));
            return;
        }
        if ("100-continue".equalsIgnoreCase(exchange.request().getHeader("expect"))) {
            exchange.request().response().writeContinue();
        }
        new Passage(vertx, exchange, route, upstream, service, terms.bodyIdleTimeout())
                .run(requestHeaders, responseHeaders)
                .onComplete(over -> leave(service));
    }

    private static void refuseUnconnected(Exchange exchange, Route route, Throwable cause) {
        LOG.warnf(
                "No connection to %s (%s): %s",
                route.name(), cause.getClass().getSimpleName(), exchange.id().value());
        exchange.refuse(
                Problem.UPSTREAM_UNREACHABLE,
                "The service behind this path can't be reached at the moment. Nothing was sent to it.");
    }

    private static void refuseForNow(Exchange exchange) {
        exchange.refuse(
                Problem.OVERLOADED,
                "The gateway has as many requests under way as it may. Nothing was done; try again shortly.",
                Map.of("Retry-After", RETRY_AFTER_SECONDS));
    }

    /** What the service hears of an exchange. */
    static RequestHeaders.Said said(Exchange exchange, Route route) {
        ClientCertificate certificate = exchange.peer().certificate();
        return new RequestHeaders.Said(
                exchange.id(),
                exchange.peer().address(),
                route.clientCertificate() && certificate != null ? certificate.field() : null,
                exchange.bearer());
    }

    static void refuseBody(Exchange exchange, Route route) {
        exchange.refuse(
                Problem.BODY_TOO_LARGE, "A body may have at most " + route.maxBody() + " bytes under this path.");
    }
}
