package city.madang.gateway.pages;

import city.madang.gateway.description.ApiDescription;
import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.problem.Problem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the gateway serves itself: start page, API explorer, API description, and the way to the verify page. */
public final class Pages {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /** The files are part of the release, and a release may come at any time. */
    private static final String FILES_KEPT = "public, max-age=300";

    private static final String OPENAPI_UI = "META-INF/resources/openapi-ui/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private static final Map<String, Source> FILES = Map.ofEntries(
            Map.entry("/", new Source("pages/start.html", HTML)),
            Map.entry("/style.css", new Source("pages/style.css", STYLE)),
            Map.entry("/favicon.svg", new Source("pages/favicon.svg", "image/svg+xml")),
            Map.entry("/asyncapi.yaml", new Source("pages/asyncapi.yaml", "application/yaml")),
            Map.entry("/developers", new Source("pages/developers.html", HTML)),
            Map.entry("/developers/examples", new Source("pages/examples.html", HTML)),
            Map.entry("/developers/explorer.js", new Source("pages/explorer.js", SCRIPT)),
            Map.entry("/developers/swagger-ui-bundle.js", new Source(OPENAPI_UI + "swagger-ui-bundle.js", SCRIPT)),
            Map.entry("/developers/swagger-ui.css", new Source(OPENAPI_UI + "swagger-ui.css", STYLE)));

    private static final Set<String> MADE = Set.of("/openapi.json", "/openapi.yaml", "/verify");

    private static final Pattern RECORD_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final Logger LOG = Logger.getLogger(Pages.class);

    private final Vertx vertx;
    private final ApiDescription description;
    private final Map<String, Asset> read = new ConcurrentHashMap<>();

    private record Source(String resource, String contentType) {}

    /** Pages which show this description. */
    public Pages(Vertx vertx, ApiDescription description) {
        this.vertx = vertx;
        this.description = description;
    }

    /** Whether a path is the gateway's own. */
    public boolean has(String path) {
        return FILES.containsKey(path) || MADE.contains(path);
    }

    /** Answers a request for one of the paths that it has. */
    public void serve(Exchange exchange, String path) {
        HttpMethod method = exchange.request().method();
        if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
            exchange.refuse(Problem.METHOD_NOT_ALLOWED, "This page can only be read.", Map.of("Allow", "GET, HEAD"));
            return;
        }
        switch (path) {
            case "/openapi.json" -> describe(exchange, false);
            case "/openapi.yaml" -> describe(exchange, true);
            case "/verify" -> verify(exchange);
            default -> file(exchange, path);
        }
    }

    private void file(Exchange exchange, String path) {
        Source source = FILES.get(path);
        Asset known = read.get(path);
        if (known != null) {
            send(exchange, known);
            return;
        }
        if (source == null) {
            throw new IllegalArgumentException(path);
        }
        vertx.executeBlocking(
                        () -> read.computeIfAbsent(path, p -> Asset.read(source.resource(), source.contentType())),
                        false)
                .onSuccess(file -> send(exchange, Objects.requireNonNull(file)))
                .onFailure(failure -> fail(exchange, failure));
    }

    private static void send(Exchange exchange, Asset file) {
        String accepted = exchange.request().getHeader("accept-encoding");
        boolean gzip = accepted != null && accepted.toLowerCase(Locale.ROOT).contains("gzip");
        exchange.request().response().putHeader("Vary", "Accept-Encoding");
        if (gzip) {
            exchange.request().response().putHeader("Content-Encoding", "gzip");
        }
        exchange.answer(200, file.contentType(), gzip ? file.gzip() : file.plain(), POLICY, FILES_KEPT);
    }

    private void describe(Exchange exchange, boolean yaml) {
        // the document may be loaded on behalf of another connection, whose event loop must not touch this one
        Context loop = vertx.getOrCreateContext();
        description
                .document()
                .onComplete(loaded -> loop.runOnContext(back -> {
                    if (loaded.failed()) {
                        fail(exchange, loaded.cause());
                        return;
                    }
                    ApiDescription.Document document = loaded.result();
                    // public by nature, and read by tools of other origins
                    exchange.request().response().putHeader("Access-Control-Allow-Origin", "*");
                    exchange.answer(
                            200,
                            yaml ? "application/yaml" : "application/json",
                            Buffer.buffer(yaml ? document.yaml() : document.json()),
                            POLICY,
                            "no-cache");
                }));
    }

    /** The form of the start page needs no script: it leads to the page of one record. */
    private static void verify(Exchange exchange) {
        @Nullable String typed = exchange.request().getParam("record");
        String id = typed == null ? "" : typed.strip().toLowerCase(Locale.ROOT);
        boolean plausible = RECORD_ID.matcher(id).matches();
        exchange.request().response().putHeader("Location", plausible ? "/records/verify/" + id : "/#verify");
        exchange.answer(303, HTML, Buffer.buffer(), POLICY, "no-store");
    }

    private static void fail(Exchange exchange, Throwable failure) {
        LOG.errorf(failure, "A page can't be served: %s", exchange.id().value());
        exchange.refuse(Problem.INTERNAL_ERROR, "This page can't be served at the moment.");
    }
}
