package city.madang.gateway.entry;

import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Writes of one turn of an event loop leave together at its end. What is sent at once wakes its reader, who takes the processor away to read one
 * message; what is sent together is read together.
 */
final class Flushes {

    private Flushes() {}

    /** Gathers the writes to a new connection, by the caller or to a service. */
    static void gather(HttpConnection connection) {
        Channel channel = ((ConnectionBase) connection).channel();
        channel.pipeline()
                .addFirst(new FlushConsolidationHandler(
                        FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
    }
}
