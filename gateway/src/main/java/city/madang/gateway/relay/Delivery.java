package city.madang.gateway.relay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;

/**
 * The body of a service's answer on its way to the caller, never held. The chunk that completes an announced length takes the end along, so
 * that a short answer is one write.
 */
final class Delivery {

    private final HttpClientResponse from;
    private final HttpServerResponse to;
    private final Runnable moved;
    private final long length;
    private final Promise<Void> over = Promise.promise();
    private long passed;
    private boolean received;

    /**
     * Frames the answer as the service did.
     *
     * @param from nothing of its body was read yet
     * @param to everything else of its head is there
     * @param moved runs when bytes went through
     */
    Delivery(HttpClientResponse from, HttpServerResponse to, Runnable moved) {
        this.from = from;
        this.to = to;
        this.moved = moved;
        String announced = from.getHeader("content-length");
        // the decoder of answers takes nothing but one number
        this.length = announced == null ? -1 : Long.parseLong(announced);
        if (announced == null) {
            to.setChunked(true);
        } else {
            to.putHeader("Content-Length", announced);
        }
    }

    /** Carries it. The future ends when the last byte is with the system, and fails when either side breaks off. */
    Future<Void> run() {
        from.exceptionHandler(over::tryFail);
        from.handler(this::pass);
        from.endHandler(end -> {
            received = true;
            moved.run();
            if (!to.ended()) {
                to.end().onComplete(over);
            }
        });
        return over.future();
    }

    /** Whether the service has said all, so that its connection is free. */
    boolean isReceived() {
        return received;
    }

    private void pass(Buffer chunk) {
        moved.run();
        passed += chunk.length();
        if (passed == length) {
            to.end(chunk).onComplete(over);
            return;
        }
        to.write(chunk).onFailure(over::tryFail);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
        }
    }
}
