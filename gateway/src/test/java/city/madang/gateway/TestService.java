package city.madang.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that does what the last segment of the path says, and tells what it saw. */
final class TestService {

    /** Signs the tokens that the gateway under test believes. */
    static final TestIssuer ISSUER = new TestIssuer("one");

    private final String name;
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final Set<HttpServerResponse> listeners = ConcurrentHashMap.newKeySet();
    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;

    TestService(String name) {
        this.name = name;
    }

    int start() {
        server = vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(64 * 1024))
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return server.actualPort();
    }

    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void handle(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String path = request.path();
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "counts" ->
                response.end(new JsonObject()
                        .put("seen", seen.get())
                        .put("abandoned", abandoned.get())
                        .toBuffer());
            case "hops" ->
                response.putHeader("Connection", "X-Secret-Hop")
                        .putHeader("X-Secret-Hop", "1")
                        .putHeader("Keep-Alive", "timeout=5")
                        .putHeader("Proxy-Authenticate", "Basic")
                        .putHeader("Server", "secret/1.0")
                        .putHeader("X-Request-Id", "from-the-service")
                        .putHeader("X-Kept", "1")
                        .end("hops");
            case "own-policy" ->
                response.putHeader("Content-Security-Policy", "frame-src 'self'")
                        .putHeader("Referrer-Policy", "same-origin")
                        .putHeader("Cache-Control", "private, max-age=60")
                        .putHeader("Date", "Tue, 15 Nov 1994 08:12:31 GMT")
                        .end();
            case "status" ->
                response.setStatusCode(Integer.parseInt(request.getParam("code")))
                        .end();
            case "tell" -> {
                listeners.forEach(listener -> listener.write("data: second\n\n"));
                response.end();
            }
            case "slow" -> response.closeHandler(closed -> abandoned.incrementAndGet());
            case "hangup" -> request.connection().close();
            case "cut" -> {
                response.putHeader("Content-Length", "1000").write("begin");
                vertx.setTimer(100, t -> request.connection().close());
            }
            case "blob" -> new Blob(Long.parseLong(request.getParam("bytes"))).pump(response);
            case "events" -> {
                response.putHeader("Content-Type", "text/event-stream").setChunked(true);
                response.closeHandler(closed -> abandoned.incrementAndGet());
                listeners.add(response);
                response.endHandler(ended -> listeners.remove(response));
                response.write("data: first\n\n");
            }
            case "early" ->
                response.setStatusCode(409)
                        .putHeader("Content-Type", "text/plain")
                        .end("enough");
            case "socket" -> request.toWebSocket().onSuccess(TestService::repeat);
            case "certs" -> response.end(ISSUER.keySet());
            case "openapi" -> response.end(description());
            default -> echo(request);
        }
    }

    /** Sends everything back, until it is told to hang up. */
    private static void repeat(ServerWebSocket socket) {
        socket.textMessageHandler(text -> {
            if (text.equals("bye")) {
                socket.close((short) 4001, "as you wish");
            } else {
                socket.writeTextMessage(text);
            }
        });
        socket.binaryMessageHandler(socket::writeBinaryMessage);
    }

    private void echo(HttpServerRequest request) {
        request.exceptionHandler(cut -> abandoned.incrementAndGet());
        seen.incrementAndGet();
        MessageDigest digest = sha256();
        long[] length = {0};
        request.handler(chunk -> {
            digest.update(chunk.getBytes());
            length[0] += chunk.length();
        });
        request.endHandler(end -> {
            JsonArray headers = new JsonArray();
            request.headers()
                    .forEach(h -> headers.add(new JsonArray().add(h.getKey()).add(h.getValue())));
            request.response()
                    .putHeader("Content-Type", "application/json")
                    .end(new JsonObject()
                            .put("service", name)
                            .put("method", request.method().name())
                            .put("uri", request.uri())
                            .put("headers", headers)
                            .put("length", length[0])
                            .put("sha256", HexFormat.of().formatHex(digest.digest()))
                            .toBuffer());
        });
    }

    private Buffer description() {
        return Buffer.buffer(
                """
                {"openapi": "3.1.0", "info": {"title": "%1$s", "version": "1"},
                 "servers": [{"url": "http://127.0.0.1:1"}],
                 "paths": {
                   "/%1$s/things": {"get": {"operationId": "list", "responses": {"200": {"description": "ok",
                      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}},
                   "/q/internal": {"get": {"responses": {"200": {"description": "ok"}}}}},
                 "components": {"schemas": {"Thing": {"type": "object", "description": "a thing of %1$s"},
                   "Money": {"type": "integer"}}}}
                """
                        .formatted(name));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
