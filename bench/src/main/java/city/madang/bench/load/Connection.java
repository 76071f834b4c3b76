package city.madang.bench.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One kept HTTP/1.1 connection to a port of 127.0.0.1, one request at a time. It does as little as a client can (some 20 µs
 * a request), so that on a shared machine it takes little from the server that is measured.
 */
public final class Connection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int LONGEST_BODY = 8 * 1024 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Connection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        this.out = socket.getOutputStream();
    }

    /** @param tls null for plain HTTP */
    public static Connection open(int port, @Nullable SSLContext tls) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        return new Connection(
                tls == null ? socket : (Socket) tls.getSocketFactory().createSocket(socket, "localhost", port, true));
    }

    /** Sends a request of {@link Exchange} and reads its answer. */
    public Answer exchange(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        var head = head();
        var status = Integer.parseInt(head.substring(9, 12));
        return new Answer(status, head, body(head, status));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String head() throws IOException {
        var bytes = new ByteArrayOutputStream(512);
        var matched = 0;
        while (matched < 4) {
            var next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            bytes.write(next);
            matched = next == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private byte[] body(String head, int status) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        var lower = head.toLowerCase(Locale.ROOT);
        var length = lower.indexOf("\r\ncontent-length:");
        if (length >= 0) {
            var end = lower.indexOf('\r', length + 2);
            return exactly(Integer.parseInt(lower.substring(length + 17, end).strip()));
        }
        if (!lower.contains("\r\ntransfer-encoding: chunked")) {
            return new byte[0];
        }
        var whole = new ByteArrayOutputStream();
        while (true) {
            var chunk = Integer.parseInt(line().strip(), 16);
            whole.write(exactly(chunk));
            line();
            if (chunk == 0) {
                return whole.toByteArray();
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        if (length > LONGEST_BODY) {
            throw new IOException("an answer of %d bytes".formatted(length));
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the server closed the connection");
        }
        return bytes;
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        while (true) {
            var next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (next == '\n') {
                return text.toString();
            }
            text.append((char) next);
        }
    }
}
