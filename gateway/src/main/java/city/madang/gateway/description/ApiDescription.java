package city.madang.gateway.description;

import city.madang.gateway.fetch.Fetch;
import city.madang.gateway.routing.Route;
import city.madang.gateway.routing.RouteTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The suite's OpenAPI document, asked for from the services when somebody wants it and kept for a moment. */
public final class ApiDescription {

    /** How long a complete document is kept. */
    private static final Duration KEPT = Duration.ofSeconds(30);

    /** How long one is kept in which a service is missing, which may be only just starting. */
    private static final Duration KEPT_INCOMPLETE = Duration.ofSeconds(3);

    /** Bytes of one service's document. */
    private static final int MAX_DOCUMENT = 4 * 1024 * 1024;

    private static final Logger LOG = Logger.getLogger(ApiDescription.class);

    private final Vertx vertx;
    private final Fetch fetch;
    private final RouteTable routes;
    private final Merger merger;
    private @Nullable Future<Document> current;
    private long goodUntilNanos;

    /**
     * A merged document.
     *
     * @param json as JSON
     * @param yaml as YAML
     * @param complete whether every service is in it
     */
    public record Document(String json, String yaml, boolean complete) {}

    /** Describes what the routes publish, under the public origin. */
    public ApiDescription(Vertx vertx, Fetch fetch, RouteTable routes, URI origin) {
        this.vertx = vertx;
        this.fetch = fetch;
        this.routes = routes;
        this.merger = new Merger(origin);
    }

    /** The document. Callers at the same time share one round of questions. */
    public synchronized Future<Document> document() {
        Future<Document> known = current;
        if (known != null && (!known.isComplete() || known.succeeded() && System.nanoTime() - goodUntilNanos < 0)) {
            return known;
        }
        Future<Document> next = load().onSuccess(this::keep);
        current = next;
        return next;
    }

    private synchronized void keep(Document document) {
        goodUntilNanos = System.nanoTime() + (document.complete() ? KEPT : KEPT_INCOMPLETE).toNanos();
    }

    private Future<Document> load() {
        List<Route> described = routes.all().stream()
                .filter(route -> route.description().isPresent())
                .toList();
        List<Future<Buffer>> answers = described.stream().map(this::fetch).toList();
        return Future.join(answers).otherwiseEmpty().compose(all -> {
            Map<String, byte[]> documents = new LinkedHashMap<>();
            List<String> missing = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                String name = described.get(i).name();
                if (answers.get(i).succeeded()) {
                    documents.put(name, answers.get(i).result().getBytes());
                } else {
                    LOG.infof(
                            "No OpenAPI document from %s: %s",
                            name, answers.get(i).cause());
                    missing.add(name);
                }
            }
            return vertx.executeBlocking(() ->
                    merger.merge(documents, missing, path -> routes.find(path).isPresent()));
        });
    }

    private Future<Buffer> fetch(Route route) {
        return fetch.json(route.upstream().resolve(route.description().orElseThrow()), MAX_DOCUMENT);
    }
}
