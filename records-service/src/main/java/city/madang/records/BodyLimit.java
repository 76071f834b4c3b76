package city.madang.records;

import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Bodies may be as long as a PDF to be verified, except where documents are uploaded, which are read as a stream. The server's own limit
 * is that of documents, since it knows no paths.
 */
@ApplicationScoped
public class BodyLimit {

    /** Bytes; a little more than the gateway lets through, so that it is the gateway that refuses. */
    static final long LONGEST = 21L << 20;

    public static final String UPLOADS = "/records/uploads/";

    /** After the server's own limit, which is noted at order -2, and before everything that reads. */
    private static final int PRIORITY = 1;

    void register(@Observes Filters filters) {
        filters.register(BodyLimit::limit, PRIORITY);
    }

    private static void limit(RoutingContext context) {
        if (context.normalizedPath().startsWith(UPLOADS)) {
            context.next();
            return;
        }
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, LONGEST);
            context.next();
        } else if (length.length() > 18 || Long.parseLong(length) > LONGEST) {
            context.response()
                    .putHeader(HttpHeaders.CONNECTION, "close")
                    .setStatusCode(413)
                    .endHandler(sent -> context.request().connection().close())
                    .end();
        } else {
            context.next();
        }
    }
}
