package city.madang.gateway.fetch;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Gets small JSON documents of the services. */
public final class Fetch {

    /** How long a service may take to give its document. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(Fetch.class);

    private final HttpClient client;

    /** Over connections of {@code client}. */
    public Fetch(HttpClient client) {
        this.client = client;
    }

    /**
     * Gets a document.
     *
     * @param maxBytes of it; a larger one fails
     */
    public Future<Buffer> json(URI address, int maxBytes) {
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(address.toString())
                .setMethod(HttpMethod.GET)
                .putHeader("Accept", "application/json")
                .setTimeout(TIMEOUT.toMillis());
        return client.request(options).compose(request -> request.send()).compose(response -> {
            if (response.statusCode() != 200) {
                response.exceptionHandler(cut -> LOG.debug("Not read to the end", cut));
                response.request().reset();
                return Future.failedFuture("status " + response.statusCode());
            }
            return read(response, maxBytes);
        });
    }

    private static Future<Buffer> read(HttpClientResponse response, int maxBytes) {
        Buffer whole = Buffer.buffer();
        response.handler(chunk -> {
            if (whole.length() + chunk.length() > maxBytes) {
                response.request().reset();
            } else {
                whole.appendBuffer(chunk);
            }
        });
        return response.end().map(whole);
    }
}
