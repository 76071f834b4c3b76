package city.madang.gateway.exchange;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One line and one timing for each request. A line has no query string (codes and tokens live there), no address and no
 * account, and long segments of a path, which can be somebody's secret link, are left out.
 */
@Singleton
public final class AccessLog {

    /** Category of the lines, so that they can be sent elsewhere or switched off. */
    public static final String CATEGORY = "madang.access";

    /** What a log says when the caller hung up before the answer was complete. */
    static final int CLIENT_CLOSED = 499;

    private final MeterRegistry meters;
    private final Lines lines;

    /** One for each route and class of status: both are few. */
    private final Map<Timed, Timer> timers = new ConcurrentHashMap<>();

    private record Timed(String route, int hundreds) {}

    AccessLog(Vertx vertx, MeterRegistry meters) {
        this.meters = meters;
        this.lines = new Lines(vertx, Logger.getLogger(CATEGORY));
    }

    /** Writes what has not been written yet; when the gateway stops. */
    public void finish() {
        lines.write();
    }

    /** Writes the line when the exchange is over, however it ends. */
    public void watch(Exchange exchange) {
        HttpServerResponse response = exchange.request().response();
        exchange.whenOver(() -> write(exchange, response.ended() ? response.getStatusCode() : CLIENT_CLOSED));
    }

    private void write(Exchange exchange, int status) {
        long nanos = exchange.elapsedNanos();
        String method = exchange.request().method().name();
        lines.add((exchange.request().version() == HttpVersion.HTTP_2 ? "h2 " : "h1 ")
                + (method.length() <= 10 ? method : "-")
                + ' ' + withoutIdentifiers(exchange.path())
                + ' ' + status
                + ' ' + TimeUnit.NANOSECONDS.toMillis(nanos)
                + "ms out=" + exchange.request().response().bytesWritten()
                + " route=" + exchange.route()
                + " id=" + exchange.id().value()
                + " trace=" + exchange.trace());
        timers.computeIfAbsent(new Timed(exchange.route(), status / 100), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Timed timed) {
        return meters.timer("madang.gateway.requests", "route", timed.route(), "status", timed.hundreds() + "xx");
    }

    /** The path with every segment that looks like an id or a token replaced. */
    static String withoutIdentifiers(String path) {
        StringBuilder safe = new StringBuilder(path.length());
        for (int from = 0; from <= path.length(); ) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            if (from > 0) {
                safe.append('/');
            }
            if (isIdentifier(path, from, end)) {
                safe.append("{id}");
            } else {
                safe.append(path, from, end);
            }
            from = end + 1;
        }
        return safe.toString();
    }

    /** Whether a segment is long, or not short and with a digit in it. */
    private static boolean isIdentifier(String path, int from, int end) {
        int length = end - from;
        if (length < 16 || length >= 40) {
            return length >= 40;
        }
        for (int i = from; i < end; i++) {
            if (path.charAt(i) >= '0' && path.charAt(i) <= '9') {
                return true;
            }
        }
        return false;
    }
}
