package city.madang.gateway.relay;

import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.headers.RequestHeaders;
import city.madang.gateway.headers.ResponseHeaders;
import city.madang.gateway.problem.Problem;
import city.madang.gateway.routing.Route;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.Pipe;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One request on its way to a connected service, and the answer on its way back. */
final class Passage {

    private static final Logger LOG = Logger.getLogger(Passage.class);

    private final Exchange exchange;
    private final Route route;
    private final HttpClientRequest upstream;
    private final Upstream service;
    private final Watchdog watchdog;
    private final Promise<Void> over = Promise.promise();
    private @Nullable Problem verdict;
    private @Nullable Delivery delivery;
    private boolean sent;

    Passage(
            Vertx vertx,
            Exchange exchange,
            Route route,
            HttpClientRequest upstream,
            Upstream service,
            Duration bodyIdleTimeout) {
        this.exchange = exchange;
        this.route = route;
        this.upstream = upstream;
        this.service = service;
        this.watchdog = new Watchdog(
                vertx,
                new Watchdog.Limits(route.requestTimeout(), route.responseTimeout(), bodyIdleTimeout),
                this::standstill);
    }

    /** Sends, receives, answers. The future ends, always successfully, when nothing is left to do. */
    Future<Void> run(RequestHeaders requestHeaders, ResponseHeaders responseHeaders) {
        HttpServerRequest request = exchange.request();
        sent = !exchange.mayHaveBody();
        exchange.traced(requestHeaders.copy(request.headers(), upstream.headers(), Relay.said(exchange, route)));
        // a caller who leaves is not waited for
        request.response().closeHandler(closed -> letGo());
        request.response().exceptionHandler(lost -> letGo());
        watchdog.enter(sent ? Watchdog.Phase.WAITING : Watchdog.Phase.SENDING);
        // the same failure ends the answer's future, where it is dealt with
        upstream.exceptionHandler(failure -> LOG.debugf("A request to %s ended early: %s", route.name(), failure));
        upstream.response().onComplete(answered -> {
            if (answered.succeeded()) {
                receive(answered.result(), responseHeaders);
            } else {
                fail(answered.cause());
            }
        });
        send(request);
        return over.future();
    }

    private void send(HttpServerRequest request) {
        long length = exchange.announcedLength();
        if (length >= 0) {
            upstream.putHeader("Content-Length", Long.toString(length));
        } else if (!sent) {
            upstream.setChunked(true);
        }
        if (sent) {
            upstream.end();
            request.resume();
            return;
        }
        Pipe<Buffer> body = new MeteredStream(request, route.maxBody(), new RequestMeter()).pipe();
        body.endOnFailure(false).to(upstream).onFailure(broken -> letGo());
    }

    /** Gives the service up; not after its answer is complete, when its connection is another request's already. */
    private void letGo() {
        Delivery answer = delivery;
        boolean free = sent && answer != null && answer.isReceived();
        if (!free && !over.future().isComplete()) {
            upstream.reset();
        }
    }

    private void receive(HttpClientResponse answer, ResponseHeaders responseHeaders) {
        HttpServerResponse response = exchange.request().response();
        if (verdict != null || response.closed()) {
            service.abandoned();
            upstream.reset();
            finish();
            return;
        }
        service.answered();
        watchdog.enter(Watchdog.Phase.RECEIVING);
        response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
        responseHeaders.copy(
                answer.headers(),
                response.headers(),
                exchange.id(),
                route.contentSecurityPolicy(),
                exchange.request().headers().contains("authorization"),
                route.cors().isPresent());
        exchange.addFields(response.headers());
        // a service that answers before it has read the request does not want the rest of it
        boolean early = !sent;
        if (early && exchange.request().version() == HttpVersion.HTTP_1_1) {
            exchange.hangUpAfter();
        }
        Delivery whole = new Delivery(answer, response, watchdog::moved);
        delivery = whole;
        whole.run().onComplete(done -> {
            if (done.failed()) {
                LOG.debugf(
                        done.cause(),
                        "An answer of %s broke off: %s",
                        route.name(),
                        exchange.id().value());
                letGo();
                response.reset();
            }
            finish();
            if (early && !sent && done.succeeded()) {
                exchange.discard();
                upstream.reset();
            }
        });
    }

    private void fail(Throwable cause) {
        Problem known = verdict;
        boolean left = exchange.request().response().closed();
        if (known == Problem.BODY_TOO_LARGE || known == Problem.REQUEST_TIMEOUT || left) {
            service.abandoned();
        } else {
            service.failed(cause);
        }
        finish();
        if (known == Problem.BODY_TOO_LARGE) {
            Relay.refuseBody(exchange, route);
        } else if (known == Problem.REQUEST_TIMEOUT) {
            exchange.refuse(known, "The body of the request did not arrive in time.");
        } else if (known == Problem.UPSTREAM_TIMEOUT) {
            exchange.refuse(
                    known, "The service behind this path took too long. Its answer to this request is unknown.");
        } else if (!left) {
            LOG.warnf(
                    "%s hung up (%s): %s",
                    route.name(),
                    cause.getClass().getSimpleName(),
                    exchange.id().value());
            exchange.refuse(
                    Problem.UPSTREAM_UNREACHABLE,
                    "The service behind this path hung up. What it did with this request is unknown.");
        }
    }

    private void standstill(Watchdog.Phase phase) {
        switch (phase) {
            // a queue that is full waits for the service, an empty one for the caller
            case SENDING -> verdict = upstream.writeQueueFull() ? Problem.UPSTREAM_TIMEOUT : Problem.REQUEST_TIMEOUT;
            case WAITING -> verdict = Problem.UPSTREAM_TIMEOUT;
            case RECEIVING -> exchange.request().response().reset();
            case OVER -> {
                return;
            }
        }
        letGo();
    }

    private void finish() {
        watchdog.enter(Watchdog.Phase.OVER);
        over.tryComplete();
    }

    private final class RequestMeter implements MeteredStream.Meter {
        @Override
        public void moved() {
            watchdog.moved();
        }

        @Override
        public void ended() {
            sent = true;
            if (watchdog.phase() == Watchdog.Phase.SENDING) {
                watchdog.enter(Watchdog.Phase.WAITING);
            }
        }

        @Override
        public void overflowed() {
            verdict = Problem.BODY_TOO_LARGE;
        }
    }
}
