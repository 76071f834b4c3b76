package city.madang.gateway.relay;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way through: counted, ended with an error as soon as it grows past its limit, and never held. Back
 * pressure is that of the stream inside.
 */
final class MeteredStream implements ReadStream<Buffer> {

    /** What happens to a body on its way. */
    interface Meter {
        /** Bytes went through. */
        void moved();

        /** The last byte went through. */
        void ended();

        /** The limit was crossed; the stream ends with an error right after. */
        void overflowed();
    }

    private final ReadStream<Buffer> inner;
    private final long limit;
    private final Meter meter;
    private long seen;
    private boolean failed;
    private @Nullable Handler<Throwable> exceptionHandler;

    /**
     * Wraps a stream.
     *
     * @param limit bytes that may pass
     */
    MeteredStream(ReadStream<Buffer> inner, long limit, Meter meter) {
        this.inner = inner;
        this.limit = limit;
        this.meter = meter;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        exceptionHandler = handler;
        inner.exceptionHandler(handler);
        return this;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
        if (handler == null) {
            inner.handler(null);
            return this;
        }
        inner.handler(chunk -> {
            if (failed) {
                return;
            }
            seen += chunk.length();
            if (seen > limit) {
                failed = true;
                meter.overflowed();
                Handler<Throwable> failure = exceptionHandler;
                if (failure != null) {
                    failure.handle(new BodyTooLarge());
                }
                return;
            }
            meter.moved();
            handler.handle(chunk);
        });
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
        if (handler == null) {
            inner.endHandler(null);
            return this;
        }
        inner.endHandler(end -> {
            // a body cut at its limit has no end that anyone may believe in
            if (!failed) {
                meter.ended();
                handler.handle(end);
            }
        });
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        inner.pause();
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        inner.resume();
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        inner.fetch(amount);
        return this;
    }

    /** Why a body ended before its end. */
    @SuppressWarnings("serial")
    static final class BodyTooLarge extends RuntimeException {
        BodyTooLarge() {
            // thrown nowhere and expected, so it needs no stack
            super("The body grew past its limit", null, false, false);
        }
    }
}
