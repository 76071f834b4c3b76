package city.madang.kit.outage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.pgclient.PgException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class OutageTest {

    @Test
    void an_event_waits_out_an_outage_of_the_database() {
        assertTrue(Outage.isOne(new RuntimeException(new ConnectException("refused"))));
        assertTrue(Outage.isOne(new TimeoutException()));
        assertTrue(Outage.isOne(new PgException("starting up", "FATAL", "57P03", null)));
        assertTrue(Outage.isOne(new PgException("deadlock", "ERROR", "40P01", null)));
    }

    /** As services read: by epoll, where there is one. */
    @Test
    void a_connection_that_the_other_side_resets_is_an_outage() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Throwable> told = new CompletableFuture<>();
            vertx.createNetClient()
                    .connect(server.getLocalPort(), server.getInetAddress().getHostAddress())
                    .onSuccess(socket -> socket.exceptionHandler(told::complete).write("?"));
            try (Socket accepted = server.accept()) {
                assertEquals('?', accepted.getInputStream().read());
                accepted.setSoLinger(true, 0);
            }
            Throwable reset = told.get(10, TimeUnit.SECONDS);
            assertTrue(Outage.isOne(new IllegalStateException(reset)), reset.toString());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void an_event_whose_own_data_is_wrong_is_not_tried_for_ever() {
        assertFalse(Outage.isOne(new UncheckedIOException(new NoSuchFileException("handover"))));
        assertFalse(Outage.isOne(new IllegalArgumentException(new NoSuchFileException("handover"))));
        assertFalse(Outage.isOne(new DecodeException("not JSON")));
        assertFalse(Outage.isOne(new PgException("duplicate key", "ERROR", "23505", null)));
    }
}
