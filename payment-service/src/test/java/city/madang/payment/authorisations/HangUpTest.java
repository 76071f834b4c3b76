package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Clients that are gone before their answer. */
@PaymentTest
class HangUpTest {

    private static final int CLIENTS = 16;
    private static final int EACH = 25;

    /** Messages that tell of a session used by two at once, or of a connection that came back in use. */
    private static final List<String> SIGNS = List.of("HR000069", "HR000068", "HR000090", "leak");

    /** Sends a whole request, or a part of it, and hangs up. */
    private static void hangUp(String path, String token, String body, Random random) throws IOException {
        String head =
                (body.isEmpty() ? "GET " : "POST ") + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + token + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        byte[] request = (head + body).getBytes(StandardCharsets.US_ASCII);
        int sent = random.nextInt(4) == 0 ? random.nextInt(request.length) : request.length;
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), Api.uri("/").getPort())) {
            socket.setSoLinger(true, 0); // a reset, as of a phone that lost its network
            socket.getOutputStream().write(request, 0, sent);
            socket.getOutputStream().flush();
            Thread.sleep(random.nextInt(4));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void clients_that_hang_up_leave_no_session_and_no_connection_behind() throws Exception {
        Wallet payer = City.wallet("minji", 10_000);
        Wallet payee = City.wallet("junho");
        Queue<String> troubles = new ConcurrentLinkedQueue<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord record) {
                String text = record.getMessage() + " " + record.getThrown();
                if (SIGNS.stream().anyMatch(text::contains)) {
                    troubles.add(text);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(listener);
        List<JsonObject> payments = new ArrayList<>();
        for (int i = 0; i < CLIENTS * EACH; i++) {
            payments.add(payer.signed(payer.pay(payee.account, 1, null)));
        }
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int first = client * EACH;
                all.add(clients.submit(() -> {
                    Random random = new Random(first);
                    for (JsonObject payment : payments.subList(first, first + EACH)) {
                        hangUp("/payment/authorisations", payer.token, payment.encode(), random);
                        hangUp("/payment/accounts/" + payer.account + "/history", payer.token, "", random);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            root.removeHandler(listener);
        }

        assertEquals(List.of(), List.copyOf(troubles));
        // each sent again has its answer, whichever reached the service before, and each took effect once
        for (JsonObject payment : payments) {
            int status = payer.submit(payment).status();
            assertEquals(0, status == 201 || status == 200 ? 0 : status);
        }
        assertEquals(10_000 - payments.size(), payer.state().getLong("available"));
        // no connection is left in the middle of a transaction, and the pool serves more at once than it has
        // connections
        Api.await(
                () -> City.number(
                        "select count(*) from pg_stat_activity where datname = current_database() and state like"
                                + " 'idle in transaction%' and now() - state_change > interval '5 seconds' and query not like"
                                + " '%advisory%'"),
                stuck -> stuck == 0);
        List<java.util.concurrent.CompletableFuture<Api.Answer>> crowd = new ArrayList<>();
        for (JsonObject payment : payments.subList(0, 100)) {
            crowd.add(Api.postAsync("/payment/authorisations", payer.token, payment));
        }
        for (var answer : crowd) {
            assertEquals(200, answer.get().status());
        }
    }
}
