package city.madang.gateway.exchange;

import city.madang.gateway.headers.Fields;
import city.madang.gateway.headers.RequestId;
import city.madang.gateway.headers.ResponseHeaders;
import city.madang.gateway.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Lives on the event loop of its connection, touched by no other thread. */
public final class Exchange {

    /** Own answers that are no pages load nothing, lead nowhere and are shown in no frame. */
    private static final String PLAIN_POLICY =
            "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Peer peer;
    private final ResponseHeaders responseHeaders;
    private final Duration linger;
    private final RequestId id;
    private final long startedNanos = System.nanoTime();
    private final Line line;
    private boolean last;
    private String route = "-";
    private String path = "-";
    private String trace = "-";
    private boolean over;
    private boolean lingering;
    private final List<Runnable> whenOver = new ArrayList<>();
    private final Map<String, String> fields = new LinkedHashMap<>();
    private @Nullable String bearer;

    /** The connection of an exchange, for whoever keeps count of them. */
    public interface Line {
        /** Nothing else is to be heard on it. */
        void last();

        /** It has ended, and nobody else says so. */
        void gone();
    }

    /**
     * Takes over a request, whose body is paused until somebody wants it.
     *
     * @param peer who is at the other end
     * @param line the connection that it came by
     */
    public Exchange(
            Vertx vertx,
            HttpServerRequest request,
            Peer peer,
            ResponseHeaders responseHeaders,
            Duration linger,
            Line line) {
        this.vertx = vertx;
        this.request = request;
        this.peer = peer;
        this.responseHeaders = responseHeaders;
        this.linger = linger;
        this.line = line;
        this.id = RequestId.from(request.getHeader(RequestId.HEADER));
        // the server closes by itself only if the field says nothing but "close"
        this.last = request.version() == HttpVersion.HTTP_1_1
                && Fields.connectionOptions(request.headers()).contains("close");
        if (last) {
            hangUpAfter();
        }
        request.response().endHandler(ended -> end());
        request.pause();
    }

    /** The request. */
    public HttpServerRequest request() {
        return request;
    }

    /** The id of this exchange. */
    public RequestId id() {
        return id;
    }

    /** The name of the route, {@code -} before one was found. */
    public String route() {
        return route;
    }

    /** The accepted path, {@code -} before that; anything else is the caller's text and stays out of the logs. */
    public String path() {
        return path;
    }

    /** Nanoseconds since the head of the request was read. */
    public long elapsedNanos() {
        return System.nanoTime() - startedNanos;
    }

    /** Notes where the request goes. */
    public void routed(String name, String acceptedPath) {
        this.route = name;
        this.path = acceptedPath;
    }

    /** Notes the trace that the request was sent on in. */
    public void traced(String traceId) {
        this.trace = traceId;
    }

    /** The id of that trace, {@code -} of what was not sent on. */
    public String trace() {
        return trace;
    }

    /** Who is at the other end. */
    public Peer peer() {
        return peer;
    }

    /** A field that the answer carries, whoever gives it. */
    public void say(String name, String value) {
        fields.put(name, value);
    }

    /** Adds what the answer is to carry besides what the service said. */
    public void addFields(MultiMap headers) {
        fields.forEach((name, value) -> {
            if (name.equals("Vary")) {
                headers.add(name, value);
            } else {
                headers.set(name, value);
            }
        });
    }

    /** The service gets this token as a bearer token, in place of one that is bound to a key. */
    public void unbind(String token) {
        bearer = token;
    }

    /** The token of {@link #unbind}, if there was one. */
    public @Nullable String bearer() {
        return bearer;
    }

    /** The connection ends with this exchange; over HTTP/2, where others share it, it does not. */
    public void hangUpAfter() {
        if (request.version() != HttpVersion.HTTP_2) {
            last = true;
            line.last();
            request.response().putHeader("Connection", "close");
        }
    }

    /** Runs when the answer is complete or can't be completed any more. */
    public void whenOver(Runnable action) {
        whenOver.add(action);
    }

    /** The connection was handed over to something else than HTTP, and has ended. */
    public void endOfLine() {
        end();
        line.gone();
    }

    /** Nothing more happens to it; closes the connection if the caller wants that. */
    public void end() {
        if (over) {
            return;
        }
        over = true;
        whenOver.forEach(Runnable::run);
        if (last && !lingering) {
            request.connection().close();
        }
    }

    /** The length that the request announces, in bytes, or -1. */
    public long announcedLength() {
        String length = request.getHeader("content-length");
        if (length == null) {
            return -1;
        }
        try {
            return Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            // the decoder lets only digits through, so there are too many of them
            return Long.MAX_VALUE;
        }
    }

    /** Whether bytes of a body may follow the head. */
    public boolean mayHaveBody() {
        long announced = announcedLength();
        if (announced >= 0) {
            return announced > 0;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            return !request.isEnded() && request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD;
        }
        return request.headers().contains("transfer-encoding");
    }

    /** Whether the head of an answer is out, so that nothing else can be said. */
    public boolean isAnswered() {
        HttpServerResponse response = request.response();
        return response.ended() || response.closed() || response.headWritten();
    }

    /** Answers with a problem document. */
    public void refuse(Problem problem, String detail) {
        refuse(problem, detail, Map.of());
    }

    /** Answers with a problem document and further header fields; cuts the connection if an answer is under way. */
    public void refuse(Problem problem, String detail, Map<String, String> further) {
        JsonObject document = new JsonObject()
                .put("type", problem.type())
                .put("title", problem.title())
                .put("status", problem.status())
                .put("detail", detail)
                .put("instance", "urn:uuid:" + id.value());
        refuseAs(problem, "application/problem+json", document, further);
    }

    /** The same in the words of another standard. */
    public void refuseAs(Problem problem, String contentType, JsonObject document, Map<String, String> further) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        response.headers().clear();
        further.forEach(response::putHeader);
        answer(problem.status(), contentType, document.toBuffer(), PLAIN_POLICY, "no-store");
    }

    /** Answers with content of the gateway's own; to HEAD with the same head alone. */
    public void answer(int status, String contentType, Buffer content, String policy, String cacheControl) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", contentType)
                .putHeader("Content-Length", Integer.toString(content.length()))
                .putHeader("Content-Security-Policy", policy)
                .putHeader("Cache-Control", cacheControl);
        responseHeaders.secure(response.headers(), id);
        addFields(response.headers());
        boolean unread = mayHaveBody() && !request.isEnded();
        lingering = unread;
        if (last || unread) {
            hangUpAfter();
        }
        if (request.method() == HttpMethod.HEAD) {
            response.end();
        } else {
            response.end(content);
        }
        if (unread) {
            discard();
        } else if (!request.isEnded()) {
            request.resume();
        }
    }

    /**
     * Reads on for a moment without keeping anything: closing a socket with unread bytes makes the system send a reset, which
     * can destroy the answer before the caller has read it.
     */
    public void discard() {
        boolean wholeConnection = request.version() != HttpVersion.HTTP_2;
        long timer = vertx.setTimer(linger.toMillis(), expired -> {
            if (wholeConnection) {
                request.connection().close();
            } else {
                request.response().reset();
            }
        });
        request.handler(ignored -> {});
        request.exceptionHandler(ignored -> vertx.cancelTimer(timer));
        request.endHandler(ended -> {
            vertx.cancelTimer(timer);
            if (wholeConnection) {
                request.connection().close();
            }
        });
        request.resume();
    }
}
