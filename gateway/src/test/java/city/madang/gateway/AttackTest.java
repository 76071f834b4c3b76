package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Byte by byte what no client would send. */
@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class AttackTest extends GatewayTestBase {

    private static final String SMUGGLED = "GET /identity/echo HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /** What a service sees, and what the caller is answered, of a head and what follows it. */
    private void reachesNobody(String head, String rest) throws IOException {
        int before = counts("/identity").getInteger("seen");
        Caller.Answer answer = caller.raw("POST /identity/echo HTTP/1.1\r\nHost: localhost\r\n" + head + "\r\n" + rest);
        assertProblem(answer, 400, "bad-request");
        assertEquals(before, counts("/identity").getInteger("seen"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: identity\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding:\u000bchunked\r\n",
                "Content-Length: 3\r\nContent-Length: 4\r\n",
                "Content-Length: 3, 4\r\n",
                "Content-Length: +3\r\n",
                "Content-Length: -3\r\n",
                "Content-Length: 0x3\r\n",
                "Content-Length: 3 4\r\n",
                "Content-Length : 3\r\n",
                "X-A: a\u0000b\r\n",
                "X A: b\r\n",
                ": b\r\n",
            })
    void a_body_whose_length_can_be_read_in_two_ways_is_refused(String fields) throws IOException {
        reachesNobody(fields, "0\r\n\r\n" + SMUGGLED);
    }

    @Test
    void content_length_beside_transfer_encoding_smuggles_nothing() throws IOException {
        int before = counts("/identity").getInteger("seen");
        for (String fields : List.of(
                "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n")) {
            Caller.Answer answer = caller.raw("POST /identity/echo HTTP/1.1\r\nHost: localhost\r\n" + fields
                    + "\r\n0\r\n\r\n" + SMUGGLED.replace("/echo", "/nobody"));
            assertProblem(answer, 400, "bad-request");
            assertFalse(answer.body().contains("HTTP/1.1"), "the connection went on after it");
        }
        assertEquals(before, counts("/identity").getInteger("seen"));
    }

    @Test
    void a_folded_line_is_part_of_its_field_and_no_field_of_its_own() throws IOException {
        Caller.Answer answer = caller.raw("GET /identity/echo HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n"
                + " Transfer-Encoding: chunked\r\n\tX-User: root\r\nConnection: close\r\n\r\n");

        if (answer.status() == 200) {
            JsonObject echo = answer.json();
            assertEquals(List.of("1 Transfer-Encoding: chunked X-User: root"), seen(echo, "x-a"));
            assertTrue(seen(echo, "transfer-encoding").isEmpty());
            assertTrue(seen(echo, "x-user").isEmpty());
        } else {
            assertProblem(answer, 400, "bad-request");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/identity/echo",
                "http://localhost/identity/echo",
                "//evil.example/identity/echo",
                "identity/echo",
                "*",
                "/identity/../q/metrics",
                "/identity/%2e%2e/%2e%2e/q/metrics",
                "/identity/..%2fq/metrics",
                "/identity/x/../../q/metrics"
            })
    void a_target_that_is_no_plain_path_is_refused(String target) throws IOException {
        assertProblem(caller.line("GET " + target + " HTTP/1.1"), 400, "bad-path");
    }

    @Test
    void a_head_that_comes_byte_by_byte_is_not_waited_for() throws Exception {
        try (Socket socket = caller.connect()) {
            OutputStream out = socket.getOutputStream();
            // a first request, so that the connection is known to be good
            out.write("GET /identity/echo HTTP/1.1\r\nHost: localhost\r\n\r\nGET /ident"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertTrue(isClosedWhile(socket, () -> {
                out.write('x');
                out.flush();
            }));
        }
    }

    @Test
    void a_body_that_comes_byte_by_byte_is_not_waited_for() throws Exception {
        try (Socket socket = caller.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /records/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            StringBuilder answer = new StringBuilder();
            assertTrue(isClosedWhile(
                    socket,
                    () -> {
                        out.write('x');
                        out.flush();
                    },
                    answer));
            assertTrue(answer.toString().startsWith("HTTP/1.1 408"), answer::toString);
        }
    }

    @Test
    void an_upload_that_is_broken_off_ends_at_the_service_too() throws Exception {
        int before = counts("/records").getInteger("abandoned");
        for (int i = 0; i < 25; i++) {
            try (Socket socket = caller.connect()) {
                socket.getOutputStream()
                        .write(("POST /records/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
                                        + "x".repeat(5000))
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
        }
        // more than the service may have under way at once, so none of them kept its place
        eventually(() -> caller.line("GET /records/echo HTTP/1.1").status() == 200);
        eventually(() -> counts("/records").getInteger("abandoned") > before);
    }

    @Test
    void an_answer_that_comes_before_the_end_of_the_request_is_given_and_ends_the_connection() throws Exception {
        try (Socket socket = caller.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /records/early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.write("x".repeat(20_000).getBytes(StandardCharsets.US_ASCII));
            out.flush();

            Caller.Answer answer = Caller.read(socket);

            assertEquals(409, answer.status());
            assertEquals("enough", answer.body());
            assertEquals("close", answer.header("connection"));
        }
    }

    @Test
    void many_small_header_fields_are_a_large_header() throws IOException {
        StringBuilder bomb = new StringBuilder("GET /identity/echo HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < 4000; i++) {
            bomb.append("a").append(i).append(": b\r\n");
        }
        assertProblem(caller.raw(bomb.append("\r\n").toString()), 431, "headers-too-large");
    }

    /** RFC 9113, section 10.5.1: a header block that never ends, and one that unpacks to much more than it is. */
    @Test
    void a_header_bomb_over_http_2_ends_its_connection_and_reaches_nobody() throws Exception {
        int before = counts("/identity").getInteger("seen");
        // entry 62, the newest of the dynamic table, over and over
        byte[] unpacks = new byte[8000];
        Arrays.fill(unpacks, (byte) 0xbe);
        try (SSLSocket socket = http2()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] request = {
                (byte) 0x82,
                (byte) 0x87,
                0x04,
                0x0e,
                '/',
                'i',
                'd',
                'e',
                'n',
                't',
                'i',
                't',
                'y',
                '/',
                'e',
                'c',
                'h',
                'o'
            };
            // a field (name 58, user-agent) of 4000 bytes that goes into the dynamic table; 4000 = 127 + 3873
            byte[] literal = new byte[4 + 4000];
            Arrays.fill(literal, (byte) 'x');
            literal[0] = 0x40 | 58;
            literal[1] = 0x7f;
            literal[2] = (byte) (3873 & 0x7f | 0x80);
            literal[3] = (byte) (3873 >> 7);
            frame(out, 1, 0x1, 1, concat(request, literal));
            boolean ended = false;
            try {
                for (int i = 0; i < 200; i++) {
                    frame(out, 9, 0, 1, unpacks);
                    out.flush();
                }
            } catch (SocketException closed) {
                ended = true;
            }
            assertTrue(ended || endsByItself(socket.getInputStream()), "the connection went on");
        }
        assertEquals(before, counts("/identity").getInteger("seen"));
    }

    private SSLSocket http2() throws IOException {
        SSLSocket socket = (SSLSocket) caller.connect();
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertEquals("h2", socket.getApplicationProtocol());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(out, 4, 0, 0, new byte[0]);
        out.flush();
        return socket;
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** Whether GOAWAY comes, or the end of the connection. */
    private static boolean endsByItself(InputStream in) throws IOException {
        DataInputStream frames = new DataInputStream(in);
        try {
            while (true) {
                int length = frames.readUnsignedByte() << 16 | frames.readUnsignedShort();
                int type = frames.readUnsignedByte();
                frames.readNBytes(5 + length);
                if (type == 7) {
                    return true;
                }
            }
        } catch (EOFException | SocketException ended) {
            return true;
        }
    }

    @FunctionalInterface
    private interface Drip {
        void drop() throws IOException;
    }

    private static boolean isClosedWhile(Socket socket, Drip drip) throws Exception {
        return isClosedWhile(socket, drip, new StringBuilder());
    }

    /** Goes on dripping for much longer than anything is waited for, until the other side has had enough. */
    private static boolean isClosedWhile(Socket socket, Drip drip, StringBuilder heard) throws Exception {
        socket.setSoTimeout(200);
        byte[] some = new byte[4096];
        for (int i = 0; i < 60; i++) {
            try {
                int read = socket.getInputStream().read(some);
                if (read < 0) {
                    return true;
                }
                heard.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
            } catch (SocketTimeoutException nothing) {
                // still open
            } catch (IOException closed) {
                return true;
            }
            try {
                drip.drop();
            } catch (IOException closed) {
                return true;
            }
        }
        return false;
    }
}
