package city.madang.gateway.entry;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Reads HTTP/1.1 as Vert.x does, but shows when a message says its length twice. The decoder that it replaces drops {@code Content-Length} beside {@code
 * Transfer-Encoding} without a word, so that nobody could refuse the message and end the connection, as RFC 9112, section 6.1, wants.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    /** What Vert.x calls its decoder. */
    private static final String NAME = "httpDecoder";

    private StrictDecoder(HttpServerOptions options) {
        super(options);
    }

    /** Takes the decoder's place on a new connection, of which nothing was read yet; HTTP/2 has none. */
    static void install(HttpConnection connection, HttpServerOptions options) {
        ChannelPipeline pipeline = ((HttpServerConnection) connection).channel().pipeline();
        if (pipeline.get(NAME) != null) {
            pipeline.replace(NAME, NAME, new StrictDecoder(options));
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        // both fields stay, and the front door refuses
    }
}
