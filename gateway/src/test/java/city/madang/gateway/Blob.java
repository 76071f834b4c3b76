package city.madang.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.InputStream;

/** Bytes of a known sequence, as many as wanted, made on the way. */
public final class Blob {

    private static final int CHUNK = 64 * 1024;

    private final long length;
    private long at;

    public Blob(long length) {
        this.length = length;
    }

    /** The byte at a place: a sequence without short periods, so that a lost or swapped chunk shows. */
    static byte byteAt(long place) {
        long mixed = place * 0x9E3779B97F4A7C15L;
        return (byte) (mixed >>> 56 ^ place >>> 16);
    }

    void pump(HttpServerResponse response) {
        response.putHeader("Content-Length", Long.toString(length));
        response.drainHandler(drained -> write(response));
        write(response);
    }

    private void write(HttpServerResponse response) {
        while (at < length) {
            byte[] chunk = new byte[(int) Math.min(CHUNK, length - at)];
            for (int i = 0; i < chunk.length; i++) {
                chunk[i] = byteAt(at + i);
            }
            at += chunk.length;
            response.write(Buffer.buffer(chunk));
            if (at < length && response.writeQueueFull()) {
                return;
            }
        }
        if (!response.ended()) {
            response.end();
        }
    }

    /** The same bytes as a stream. */
    public InputStream stream() {
        return new InputStream() {
            @Override
            public int read() {
                return at < length ? byteAt(at++) & 0xff : -1;
            }

            @Override
            public int read(byte[] target, int offset, int count) {
                if (at >= length) {
                    return -1;
                }
                int n = (int) Math.min(count, length - at);
                for (int i = 0; i < n; i++) {
                    target[offset + i] = byteAt(at++);
                }
                return n;
            }
        };
    }
}
