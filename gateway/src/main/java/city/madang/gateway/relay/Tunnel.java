package city.madang.gateway.relay;

import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.headers.RequestHeaders;
import city.madang.gateway.headers.ResponseHeaders;
import city.madang.gateway.problem.Problem;
import city.madang.gateway.routing.Route;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket on its way through (RFC 6455): the handshake is passed on like any request, and after the service agreed, bytes go both ways
 * without being looked at, as fast as the slower side reads. A connection on which nothing moves ends like every other one.
 */
final class Tunnel {

    private final Exchange exchange;
    private final Route route;
    private final HttpClientRequest upstream;
    private final Upstream service;
    private final Promise<Void> over = Promise.promise();

    Tunnel(Exchange exchange, Route route, HttpClientRequest upstream, Upstream service) {
        this.exchange = exchange;
        this.route = route;
        this.upstream = upstream;
        this.service = service;
    }

    /** Whether a request asks for it: only over HTTP/1.1, where a connection is one request's own. */
    static boolean isAskedFor(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.method() == HttpMethod.GET
                && "websocket".equalsIgnoreCase(request.getHeader("upgrade"))
                && request.headers().contains("sec-websocket-key");
    }

    /** Asks the service, and connects both sides. The future ends, always successfully, when nothing is left to do. */
    Future<Void> run(RequestHeaders requestHeaders, ResponseHeaders responseHeaders, Duration handshake) {
        exchange.traced(
                requestHeaders.copy(exchange.request().headers(), upstream.headers(), Relay.said(exchange, route)));
        upstream.putHeader("Connection", "Upgrade").putHeader("Upgrade", "websocket");
        Future<HttpClientResponse> connecting = upstream.connect();
        // the head is out; the end of the request, which has no body, ends it there too
        HttpServerRequest request = exchange.request();
        request.handler(nothing -> {});
        request.endHandler(complete -> upstream.end());
        request.resume();
        connecting.timeout(handshake.toMillis(), TimeUnit.MILLISECONDS).onComplete(answered -> {
            if (exchange.request().response().closed()) {
                service.abandoned();
                upstream.reset();
                over.complete();
            } else if (answered.failed()) {
                service.failed(answered.cause());
                upstream.reset();
                over.complete();
                exchange.refuse(
                        Problem.UPSTREAM_UNREACHABLE, "The service behind this path did not open the WebSocket.");
            } else {
                service.answered();
                join(answered.result(), responseHeaders);
            }
        });
        return over.future();
    }

    private void join(HttpClientResponse agreed, ResponseHeaders responseHeaders) {
        if (agreed.statusCode() != 101) {
            upstream.reset();
            over.complete();
            exchange.refuse(Problem.BAD_REQUEST, "The service behind this path refused the WebSocket.");
            return;
        }
        HttpServerResponse response = exchange.request().response();
        response.setStatusCode(101);
        responseHeaders.copy(agreed.headers(), response.headers(), exchange.id(), Optional.empty(), false, false);
        response.putHeader("Connection", "Upgrade").putHeader("Upgrade", "websocket");
        exchange.request().toNetSocket().onComplete(connected -> {
            if (connected.failed()) {
                agreed.netSocket().close();
                exchange.request().connection().close();
                finish();
                return;
            }
            pipe(connected.result(), agreed.netSocket());
        });
    }

    private void pipe(NetSocket caller, NetSocket far) {
        Future<Void> there = caller.pipeTo(far);
        Future<Void> back = far.pipeTo(caller);
        there.onComplete(ended -> far.close());
        back.onComplete(ended -> caller.close());
        Future.join(there, back).onComplete(ended -> finish());
    }

    private void finish() {
        over.tryComplete();
        exchange.endOfLine();
    }

    @Override
    public String toString() {
        return "WebSocket to " + route.name();
    }
}
