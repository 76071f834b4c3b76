package city.madang.identity;

import city.madang.devstack.testing.TestTls;
import city.madang.kit.fetch.GuardedFetch;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A host of somebody else's, with TLS, and a client that may reach it under the name {@code partner.test}. */
public final class LocalHost implements AutoCloseable {

    private record Document(String mediaType, byte[] body) {}

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Document> documents = new ConcurrentHashMap<>();
    private final Map<String, String> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final String name;
    private final HttpServer server;
    private final GuardedFetch client;
    private volatile long delayMillis = 1;

    public LocalHost(Path folder) throws Exception {
        this(new TestTls(folder, "partner").issue("partner.test"), "partner.test");
    }

    private LocalHost(TestTls tls, String name) throws Exception {
        this(name, tls.certificate(), tls.privateKey(), tls.ca());
    }

    /** With a certificate for that name, as PEM files. */
    public LocalHost(String name, Path certificate, Path key, Path ca) throws Exception {
        this.name = name;
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(certificate.toString())
                                .setKeyPath(key.toString())))
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    accepted.put(request.path(), String.valueOf(request.getHeader("Accept")));
                    Document document = documents.get(request.path());
                    vertx.setTimer(delayMillis, later -> {
                        if (document == null) {
                            request.response().setStatusCode(404).end();
                        } else {
                            request.response()
                                    .putHeader("Content-Type", document.mediaType())
                                    .end(Buffer.buffer(document.body()));
                        }
                    });
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        Duration timeout = Duration.ofSeconds(3);
        client = new GuardedFetch(
                vertx,
                new GuardedFetch.FetchRules(
                        host -> List.of(InetAddress.getByName("127.0.0.1")), false, Set.of(name), timeout),
                16,
                GuardedFetch.options(timeout, Optional.of(ca)));
    }

    public GuardedFetch client() {
        return client;
    }

    public String url(String path) {
        return "https://" + name + ":" + server.actualPort() + path;
    }

    public void put(String path, String mediaType, byte[] body) {
        documents.put(path, new Document(mediaType, body));
    }

    /** How often anything was asked for. */
    public int asked() {
        return asked.get();
    }

    /** What the last request for the path said that it takes; empty if there was none. */
    public Optional<String> accepted(String path) {
        return Optional.ofNullable(accepted.get(path));
    }

    public void delay(long millis) {
        delayMillis = millis;
    }

    @Override
    public void close() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }
}
