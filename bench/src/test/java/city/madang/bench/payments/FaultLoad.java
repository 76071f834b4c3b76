package city.madang.bench.payments;

import city.madang.contracts.Bytes32;
import city.madang.devstack.stack.TokenIssuer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Citizens who pay, hold and pay bills while servers die around them: plain payments, holds that are captured or voided, and bills
 * that two pay at once. Each goes on until it is certain what became of it.
 */
final class FaultLoad {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLIENTS = 8;
    private static final String AGENCY = "city-hall";
    private static final long HOLD_SECONDS = 600;

    private final PaymentCity city;
    private final Caller caller;
    private final String citizen;
    private final String agency;
    private final Map<String, Boolean> accepted = new ConcurrentHashMap<>();
    private final Queue<List<String>> rivals = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    FaultLoad(PaymentCity city, Caller caller, TokenIssuer tokens) {
        this.city = city;
        this.caller = caller;
        this.citizen = tokens.citizen(PaymentCity.OWNER);
        this.agency = tokens.agency(AGENCY);
    }

    /** What was accepted, by id: true for what was held first. */
    Map<String, Boolean> accepted() {
        return accepted;
    }

    /** Pairs of payments of the same bill. */
    Queue<List<String>> rivals() {
        return rivals;
    }

    /** Pays until {@link Running#end}; each client draws from its own numbers, made of the seed. */
    Running start(long seed) {
        over = false;
        var executor = Executors.newFixedThreadPool(CLIENTS);
        var clients = new ArrayList<Future<?>>();
        for (var i = 0; i < CLIENTS; i++) {
            var random = new Random(seed + i);
            clients.add(executor.submit(() -> {
                while (!over) {
                    one(random);
                }
                return null;
            }));
        }
        return () -> {
            over = true;
            for (var client : clients) {
                client.get();
            }
            executor.shutdown();
        };
    }

    /** A load that runs. */
    interface Running {
        /** Begins nothing new and waits until all that was begun is certain. */
        void end() throws Exception;
    }

    private void one(Random random) throws Exception {
        var kind = random.nextInt(20);
        if (kind == 0) {
            bill(random);
        } else if (kind <= 3) {
            hold(random);
        } else {
            submit(draw(random).pay(draw(random).account(), 1 + random.nextInt(50), city.separator()), false);
        }
    }

    private Purse draw(Random random) {
        return city.purses().get(random.nextInt(city.purses().size()));
    }

    private void hold(Random random) throws Exception {
        var payee = draw(random);
        var amount = 1 + random.nextInt(50);
        var signed = draw(random)
                .hold(payee.account(), amount, Instant.now().getEpochSecond() + HOLD_SECONDS, city.separator());
        if (submit(signed, true)) {
            var path = PaymentCity.SINGLE + "/" + signed.id().hex();
            if (random.nextBoolean()) {
                var part = 1 + random.nextInt(amount);
                expect(
                        200,
                        caller.post(
                                path + "/capture", citizen, "", payee.capture(signed.id(), part, city.separator())));
            } else {
                expect(200, caller.post(path + "/void", citizen, "", "{}"));
            }
        }
    }

    private void bill(Random random) throws Exception {
        var bill = json(expect(
                201,
                caller.post(
                        "/payment/bills",
                        agency,
                        UUID.randomUUID().toString(),
                        "{\"debtor\":\"%s\",\"amount\":%d,\"title\":{\"ko\":\"수수료\",\"en\":\"Fee\"}}"
                                .formatted(PaymentCity.OWNER, 1 + random.nextInt(50)))));
        var both = new ArrayList<Purse.Signed>();
        for (var i = 0; i < 2; i++) {
            both.add(draw(random)
                    .pay(
                            new Bytes32(bill.path("payee").asText()),
                            bill.path("amount").asLong(),
                            new Bytes32(bill.path("bill_hash").asText()),
                            city.separator()));
        }
        rivals.add(both.stream().map(signed -> signed.id().hex()).toList());
        try (var two = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = two.submit(() -> submit(both.getFirst(), false));
            submit(both.getLast(), false);
            first.get();
        }
    }

    private boolean submit(Purse.Signed signed, boolean held) throws InterruptedException {
        var answer = caller.post(PaymentCity.SINGLE, citizen, "", signed.json());
        if (answer.statusCode() == 201 || answer.statusCode() == 200) {
            accepted.put(signed.id().hex(), held);
            return true;
        }
        if (answer.statusCode() != 409 && answer.statusCode() != 422) {
            throw new AssertionError("neither accepted nor refused: " + answer.statusCode() + " " + answer.body());
        }
        return false;
    }

    private static HttpResponse<String> expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status && answer.statusCode() != 200) {
            throw new AssertionError("expected " + status + ", got " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }
}
