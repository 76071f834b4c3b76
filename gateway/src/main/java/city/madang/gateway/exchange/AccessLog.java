package city.madang.gateway.exchange;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    private static final Pattern IDENTIFIER = Pattern.compile("(?=.*[0-9]).{16,}|.{40,}");

    private static final Logger LOG = Logger.getLogger(CATEGORY);

    private final MeterRegistry meters;

    AccessLog(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Writes the line when the exchange is over, however it ends. */
    public void watch(Exchange exchange) {
        HttpServerResponse response = exchange.request().response();
        exchange.whenOver(() -> write(exchange, response.ended() ? response.getStatusCode() : CLIENT_CLOSED));
    }

    private void write(Exchange exchange, int status) {
        long nanos = exchange.elapsedNanos();
        String method = exchange.request().method().name();
        LOG.infof(
                "%s %s %s %d %dms out=%d route=%s id=%s trace=%s",
                exchange.request().version() == HttpVersion.HTTP_2 ? "h2" : "h1",
                method.length() <= 10 ? method : "-",
                withoutIdentifiers(exchange.path()),
                status,
                TimeUnit.NANOSECONDS.toMillis(nanos),
                exchange.request().response().bytesWritten(),
                exchange.route(),
                exchange.id().value(),
                exchange.trace());
        meters.timer("madang.gateway.requests", "route", exchange.route(), "status", status / 100 + "xx")
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The path with every segment that looks like an id or a token replaced. */
    static String withoutIdentifiers(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(segment -> IDENTIFIER.matcher(segment).matches() ? "{id}" : segment)
                .collect(Collectors.joining("/"));
    }
}
