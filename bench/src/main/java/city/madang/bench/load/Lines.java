package city.madang.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prepared requests over many plain connections from one thread: each connection sends its next request when its last one is answered. A
 * thread for each connection took four times as much of the machine that is measured.
 */
final class Lines {

    private static final long TIMEOUT_MILLIS = 30_000;
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_CHUNKS = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<List<byte[]>> work;
    private final long[] latencies;
    private int next;

    private Lines(List<List<byte[]>> work) {
        this.work = work;
        this.latencies = new long[work.size()];
    }

    /**
     * Sends all of it: the requests of each piece of work one after the other on one connection.
     *
     * @return of the last request of each piece of work, nanoseconds from when it was sent until its answer was there
     * @throws IllegalStateException at the first answer that is not a success
     */
    static long[] send(int port, int connections, List<List<byte[]>> work) throws IOException {
        var lines = new Lines(work);
        var open = new ArrayList<Line>();
        try (var selector = Selector.open()) {
            for (var i = 0; i < Math.min(connections, work.size()); i++) {
                open.add(lines.new Line(port, selector));
            }
            lines.run(selector, open);
        } finally {
            for (var line : open) {
                line.channel.close();
            }
        }
        return lines.latencies;
    }

    private void run(Selector selector, List<Line> open) throws IOException {
        var busy = 0;
        for (var line : open) {
            busy += line.begin() ? 1 : 0;
        }
        while (busy > 0) {
            if (selector.select(TIMEOUT_MILLIS) == 0) {
                throw new IOException("no answer for 30 seconds");
            }
            var ready = selector.selectedKeys();
            for (var key : ready) {
                if (!((Line) key.attachment()).ready(key)) {
                    busy--;
                }
            }
            ready.clear();
        }
    }

    /** A connection and what it is about to send or to read. */
    private final class Line {

        private final SocketChannel channel;
        private final SelectionKey key;
        private ByteBuffer answer = ByteBuffer.allocate(64 * 1024);
        private @Nullable ByteBuffer request;
        private int piece;
        private int step;
        private long sent;

        Line(int port, Selector selector) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(selector, 0, this);
        }

        /** Takes the next piece of work; whether there was one. */
        boolean begin() throws IOException {
            piece = next++;
            step = 0;
            if (piece >= work.size()) {
                key.interestOps(0);
                return false;
            }
            write(ByteBuffer.wrap(work.get(piece).getFirst()));
            return true;
        }

        private void write(ByteBuffer bytes) throws IOException {
            sent = System.nanoTime();
            request = bytes;
            goOn();
        }

        /** Sends what fits. */
        private void goOn() throws IOException {
            if (request != null) {
                channel.write(request);
                request = request.hasRemaining() ? request : null;
            }
            key.interestOps(request == null ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }

        /** Reads or writes; whether this connection still has work. */
        boolean ready(SelectionKey now) throws IOException {
            if (now.isWritable()) {
                goOn();
            }
            if (!now.isReadable()) {
                return true;
            }
            if (!answer.hasRemaining()) {
                answer = ByteBuffer.allocate(answer.capacity() * 2).put(answer.flip());
            }
            if (channel.read(answer) < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (!isWhole(answer.array(), answer.position())) {
                return true;
            }
            latencies[piece] = System.nanoTime() - sent;
            succeeded();
            answer.clear();
            var requests = work.get(piece);
            if (++step == requests.size()) {
                return begin();
            }
            write(ByteBuffer.wrap(requests.get(step)));
            return true;
        }

        private void succeeded() {
            // HTTP/1.1 2xx
            if (answer.get(9) != '2') {
                var text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
                throw new IllegalStateException("a measured request: " + text.substring(9));
            }
        }
    }

    /** Whether these first bytes hold a whole answer. */
    static boolean isWhole(byte[] bytes, int length) {
        var headEnd = indexOf(bytes, length, END_OF_HEAD);
        if (headEnd < 0) {
            return false;
        }
        var body = headEnd + END_OF_HEAD.length;
        var head = new String(bytes, 0, body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        var named = head.indexOf("\r\ncontent-length:");
        if (named >= 0) {
            var value = head.substring(named + 17, head.indexOf('\r', named + 2));
            return length >= body + Integer.parseInt(value.strip());
        }
        if (head.contains("\r\ntransfer-encoding: chunked")) {
            // nothing follows the last chunk: a connection has one request at a time
            return Arrays.equals(bytes, length - END_OF_CHUNKS.length, length, END_OF_CHUNKS, 0, END_OF_CHUNKS.length);
        }
        return true;
    }

    private static int indexOf(byte[] bytes, int length, byte[] wanted) {
        for (var i = 0; i + wanted.length <= length; i++) {
            if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
