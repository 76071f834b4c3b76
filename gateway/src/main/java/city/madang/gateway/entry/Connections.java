package city.madang.gateway.entry;

import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.tokens.ClientCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The callers' connections: not too many in all and from one address, and none that waits for a request for long. What counts is that the
 * head of a request is complete: a caller who sends one byte of it at a time is as silent as one who sends none.
 */
final class Connections {

    private final Vertx vertx;
    private final HttpServerOptions options;
    private final Terms terms;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<String, AtomicInteger> byAddress = new ConcurrentHashMap<>();
    private final Map<HttpConnection, Held> held = new ConcurrentHashMap<>();

    /**
     * What connections keep to.
     *
     * @param most in all
     * @param mostOfOne from one address
     * @param manyAllowed addresses for which that does not hold, since others are behind them
     * @param firstHeadWithin from the handshake to the first complete head
     * @param nextHeadWithin from the end of an exchange to the next complete head
     */
    record Terms(
            int most,
            int mostOfOne,
            Predicate<String> manyAllowed,
            Duration firstHeadWithin,
            Duration nextHeadWithin) {}

    /** A connection; lives on its event loop. */
    private static final class Held {
        private final String address;
        private int underWay;
        private long silentSinceNanos = System.nanoTime();
        private long within;
        private long timer = -1;
        private boolean ending;
        private @Nullable ClientCertificate certificate;

        Held(String address) {
            this.address = address;
        }
    }

    Connections(Vertx vertx, HttpServerOptions options, Terms terms) {
        this.vertx = vertx;
        this.options = options;
        this.terms = terms;
    }

    /** A handshake is done. */
    void opened(HttpConnection connection) {
        StrictDecoder.install(connection, options);
        Flushes.gather(connection);
        String address = connection.remoteAddress().hostAddress();
        AtomicInteger same = byAddress.compute(address, (key, count) -> {
            AtomicInteger now = count == null ? new AtomicInteger() : count;
            now.incrementAndGet();
            return now;
        });
        boolean tooMany = open.incrementAndGet() > terms.most()
                || same.get() > terms.mostOfOne() && !terms.manyAllowed().test(address);
        Held here = new Held(address);
        here.within = terms.firstHeadWithin().toNanos();
        held.put(connection, here);
        connection.closeHandler(closed -> gone(connection));
        if (tooMany) {
            here.ending = true;
            connection.close();
        } else {
            watch(connection, here, here.within);
        }
    }

    /** The certificate with which the other end proved itself; null if it has none. */
    @Nullable
    ClientCertificate certificate(HttpConnection connection) {
        Held here = held.get(connection);
        if (here == null) {
            return null;
        }
        if (here.certificate == null) {
            try {
                here.certificate = ClientCertificate.of(
                        (X509Certificate) connection.peerCertificates().getFirst());
            } catch (SSLPeerUnverifiedException none) {
                return null;
            }
        }
        return here.certificate;
    }

    /** A connection as an exchange sees it. */
    Exchange.Line line(HttpConnection connection) {
        return new Exchange.Line() {
            @Override
            public void last() {
                Held here = held.get(connection);
                if (here != null) {
                    here.ending = true;
                }
            }

            @Override
            public void gone() {
                Connections.this.gone(connection);
            }
        };
    }

    /** May be said twice. */
    private void gone(HttpConnection connection) {
        Held here = held.remove(connection);
        if (here != null) {
            open.decrementAndGet();
            byAddress.computeIfPresent(here.address, (key, count) -> count.decrementAndGet() == 0 ? null : count);
            vertx.cancelTimer(here.timer);
        }
    }

    /** Whether nothing else is to be heard, so that a request that comes all the same is nobody's. */
    boolean isEnding(HttpConnection connection) {
        Held here = held.get(connection);
        return here != null && here.ending;
    }

    /** The head of a request came. */
    void began(Exchange exchange) {
        Held here = held.get(exchange.request().connection());
        if (here != null) {
            here.underWay++;
            exchange.whenOver(() -> {
                here.underWay--;
                here.silentSinceNanos = System.nanoTime();
                here.within = terms.nextHeadWithin().toNanos();
            });
        }
    }

    /** One timer, which looks again when it was too early, instead of being restarted by each request. */
    private void watch(HttpConnection connection, Held here, long nanos) {
        here.timer = vertx.setTimer(Math.max(1, nanos / 1_000_000), fired -> {
            long left = here.underWay > 0
                    ? terms.nextHeadWithin().toNanos()
                    : here.within - (System.nanoTime() - here.silentSinceNanos);
            if (left >= 1_000_000) {
                watch(connection, here, left);
            } else {
                connection.close();
            }
        });
    }

    /** Connections that are open. */
    int open() {
        return open.get();
    }
}
