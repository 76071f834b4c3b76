package city.madang.gateway.entry;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The callers' connections: not too many, and none that is opened and then says nothing. */
final class Connections {

    private final Vertx vertx;
    private final int max;
    private final Duration firstRequestWithin;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<HttpConnection, Long> silent = new ConcurrentHashMap<>();

    Connections(Vertx vertx, int max, Duration firstRequestWithin) {
        this.vertx = vertx;
        this.max = max;
        this.firstRequestWithin = firstRequestWithin;
    }

    /** A handshake is done. */
    void opened(HttpConnection connection) {
        int now = open.incrementAndGet();
        long timer = vertx.setTimer(firstRequestWithin.toMillis(), late -> {
            if (silent.remove(connection) != null) {
                connection.close();
            }
        });
        silent.put(connection, timer);
        connection.closeHandler(closed -> {
            open.decrementAndGet();
            spoke(connection);
        });
        if (now > max) {
            connection.close();
        }
    }

    /** A request came. */
    void spoke(HttpServerRequest request) {
        spoke(request.connection());
    }

    private void spoke(HttpConnection connection) {
        Long timer = silent.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /** Connections that are open. */
    int open() {
        return open.get();
    }
}
