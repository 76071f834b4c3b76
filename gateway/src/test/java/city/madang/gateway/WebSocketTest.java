package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class WebSocketTest extends GatewayTestBase {

    /** Puts together what comes in parts. */
    private static final class Heard implements WebSocket.Listener {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final BlockingQueue<byte[]> blobs = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream blob = new ByteArrayOutputStream();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            blob.writeBytes(bytes);
            if (last) {
                blobs.add(blob.toByteArray());
                blob.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }

    private WebSocket open(HttpClient client, String path, Heard heard) throws Exception {
        URI address =
                URI.create("wss" + caller.request(path).build().uri().toString().substring("https".length()));
        return client.newWebSocketBuilder().buildAsync(address, heard).get(10, TimeUnit.SECONDS);
    }

    @Test
    void messages_pass_both_ways_and_so_does_the_end() throws Exception {
        Heard heard = new Heard();
        byte[] large = new byte[60_000];
        new Random(1).nextBytes(large);
        try (HttpClient client = caller.client(HttpClient.Version.HTTP_1_1)) {
            WebSocket socket = open(client, "/records/socket", heard);
            socket.sendText("마당", true).get();
            socket.sendBinary(ByteBuffer.wrap(large), true).get();
            assertEquals("마당", heard.texts.poll(10, TimeUnit.SECONDS));
            assertArrayEquals(large, heard.blobs.poll(10, TimeUnit.SECONDS));
            socket.sendText("bye", true).get();
            assertEquals(4001, heard.closed.get(10, TimeUnit.SECONDS));
            client.shutdownNow();
        }
        // its place is free again
        for (int i = 0; i < 25; i++) {
            assertEquals(200, caller.line("GET /records/echo HTTP/1.1").status());
        }
    }

    @Test
    void a_route_without_them_opens_none_and_a_service_that_refuses_is_heard() {
        try (HttpClient client = caller.client(HttpClient.Version.HTTP_1_1)) {
            for (String path : new String[] {"/identity/socket", "/records/echo", "/guarded/socket"}) {
                ExecutionException refused =
                        assertThrows(ExecutionException.class, () -> open(client, path, new Heard()), path);
                assertInstanceOf(WebSocketHandshakeException.class, refused.getCause(), path);
            }
        }
    }
}
