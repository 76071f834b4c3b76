package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A crash is what a settler does up to a point and then no more: these tests run its steps one by one and begin anew. */
@PaymentTest
@TestProfile(CrashTest.NoSettler.class)
class CrashTest {

    /** Settlement runs when the test says so, and an authorisation may expire while a test waits. */
    public static class NoSettler implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("madang.settlement.enabled", "false", "madang.acceptance.shortest-validity", "1s");
        }
    }

    @Inject
    Settlement settlement;

    @Inject
    TransferSettler transfers;

    @Inject
    BatchStore batches;

    @Inject
    LedgerGate gate;

    private record Scene(Wallet payer, Wallet payee, JsonObject bill, List<String> ids) {

        void accept(int count) {
            for (int i = 0; i < count; i++) {
                ids.add(City.expect(201, payer.submit(payer.pay(payee.account, 10, null)))
                        .json()
                        .getString("id"));
            }
            ids.add(City.expect(201, payer.submit(payer.pay(bill.getString("payee"), 500, bill.getString("bill_hash"))))
                    .json()
                    .getString("id"));
        }

        /** Everything settled, exactly once, in the database and on the contract. */
        void check(int count) {
            for (String id : ids) {
                JsonObject found =
                        Api.get("/payment/authorisations/" + id, payer.token).json();
                assertEquals("settled", found.getString("state"), found.encode());
            }
            long left = 10_000 - 500 - 10L * count;
            assertEquals(left, payer.state().getLong("balance"));
            assertEquals(left, payer.state().getLong("available"));
            assertEquals(
                    left,
                    City.contract()
                            .account(new Bytes32(payer.account))
                            .orElseThrow()
                            .balance());
            assertEquals(10L * count, payee.state().getLong("balance"));
            assertEquals(1, City.booked("settlement", ids.getFirst()));
            assertEquals(
                    1,
                    City.number(
                            "select count(*) from bill where state = 'paid' and id = '" + bill.getString("id") + "'"));
            assertEquals(0, City.number("select count(*) from settlement_batch where state = 'recorded'"));
        }
    }

    private Scene scene() {
        Scene scene = Turns.during(settlement, () -> {
            City.agency("city-hall");
            Wallet payer = City.wallet("minji", 10_000);
            Wallet payee = City.wallet("junho");
            Api.await(() -> payee.state().getString("state"), "open"::equals);
            return new Scene(payer, payee, City.bill("minji", 500), new ArrayList<>());
        });
        scene.accept(5);
        return scene;
    }

    @Test
    void a_batch_recorded_but_never_sent_settles_once() {
        Scene scene = scene();
        assertTrue(transfers.record().isPresent());

        settlement.turn();
        settlement.turn();

        scene.check(5);
    }

    @Test
    void a_batch_sent_but_never_booked_is_booked_from_its_receipt() {
        Scene scene = scene();
        Batch batch = transfers.record().orElseThrow().batch();
        String hash = gate.ready()
                .contract()
                .settle(gate.ready().keys().operator(), batch.signed(), sent -> batches.noteHash(batch, sent))
                .transactionHash();
        assertEquals(
                "accepted",
                Api.get("/payment/authorisations/" + scene.ids().getFirst(), scene.payer().token)
                        .json()
                        .getString("state"));

        settlement.turn();
        settlement.turn();

        scene.check(5);
        assertEquals(
                hash,
                Api.get("/payment/authorisations/" + scene.ids().getFirst(), scene.payer().token)
                        .json()
                        .getString("transaction_hash"));
    }

    @Test
    void a_batch_whose_hash_was_noted_but_which_was_never_sent_is_sent_again() {
        Scene scene = scene();
        Batch batch = transfers.record().orElseThrow().batch();
        batches.noteHash(batch, "0x" + "de".repeat(32));

        settlement.turn();

        scene.check(5);
    }

    @Test
    void a_batch_that_landed_in_an_earlier_transaction_is_booked_from_it_and_not_sent_again() {
        Scene scene = scene();
        Batch batch = transfers.record().orElseThrow().batch();
        gate.ready()
                .contract()
                .settle(gate.ready().keys().operator(), batch.signed(), sent -> batches.noteHash(batch, sent));
        batches.noteHash(batch, "0x" + "de".repeat(32));
        long sentBefore = gate.ready().keys().operator().minedNumber();

        settlement.turn();

        assertEquals(sentBefore, gate.ready().keys().operator().minedNumber());
        scene.check(5);
    }

    @Test
    void a_batch_that_settled_in_a_transaction_nobody_noted_counts_as_settled() {
        Scene scene = scene();
        Batch batch = transfers.record().orElseThrow().batch();
        String lost = gate.ready()
                .contract()
                .settle(gate.ready().keys().operator(), batch.signed())
                .transactionHash();

        settlement.turn();

        scene.check(5);
        assertEquals(
                lost,
                Api.get("/payment/authorisations/" + scene.ids().getFirst(), scene.payer().token)
                        .json()
                        .getString("transaction_hash"));
    }

    @Test
    void two_settlers_at_once_settle_everything_once() throws Exception {
        Scene scene = scene();
        try (var settlers = Executors.newFixedThreadPool(2)) {
            Future<?> first = settlers.submit(() -> transfers.settle(gate.ready(), () -> false));
            Future<?> second = settlers.submit(() -> transfers.settle(gate.ready(), () -> false));
            // neither fails for the other's sake
            first.get();
            second.get();
        }

        settlement.turn();

        scene.check(5);
    }

    @Test
    void a_batch_that_another_settler_has_booked_meanwhile_is_left_as_it_is() {
        Scene scene = scene();
        Batch batch = transfers.record().orElseThrow().batch();
        settlement.turn();
        Map<Bytes32, Fate> seenTooLate = batch.items().stream()
                .collect(Collectors.toMap(Batch.Item::id, item -> new Fate.Settled("0x" + "0".repeat(64), 1)));

        batches.finish(batch, seenTooLate, null);

        scene.check(5);
    }
}
