package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerContract;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several batches on their way, on a chain that makes its blocks when a test says so. */
@PaymentTest
@TestProfile(InFlightTest.SmallBatches.class)
class InFlightTest {

    private static final int IN_BATCH = 2;
    private static final int IN_FLIGHT = 3;
    private static final long GAS_MAX = LedgerContract.batchGas(IN_BATCH, 0);

    public static class SmallBatches implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "madang.settlement.enabled",
                    "false",
                    "madang.settlement.gas-max",
                    Long.toString(GAS_MAX),
                    "madang.settlement.in-flight",
                    Integer.toString(IN_FLIGHT),
                    "madang.settlement.patience",
                    "700ms");
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

    @AfterEach
    void blocks_come_by_themselves_again() {
        City.rpc("evm_setAutomine", true);
        City.rpc("evm_mine");
    }

    private record Scene(Wallet payer, Wallet payee, List<String> ids) {

        void accept(int count) {
            for (int i = 0; i < count; i++) {
                ids.add(City.expect(201, payer.submit(payer.pay(payee.account, 10, null)))
                        .json()
                        .getString("id"));
            }
        }

        void settledOnce() {
            long left = 10_000 - 10L * ids.size();
            ids.forEach(id -> {
                assertEquals(List.of("settled"), City.query("select state from transfer where id = '" + id + "'"));
                assertEquals(1, City.booked("settlement", id));
            });
            assertEquals(left, payer.state().getLong("balance"));
            assertEquals(
                    left,
                    City.contract()
                            .account(new Bytes32(payer.account))
                            .orElseThrow()
                            .balance());
            assertEquals(0, City.number("select count(*) from settlement_batch where state = 'recorded'"));
        }
    }

    private Scene scene(int payments) {
        Scene scene = Turns.during(settlement, () -> {
            Wallet payee = City.wallet("junho");
            Api.await(() -> payee.state().getString("state"), "open"::equals);
            return new Scene(City.wallet("minji", 10_000), payee, new ArrayList<>());
        });
        settlement.turn();
        scene.accept(payments);
        return scene;
    }

    private CompletableFuture<Void> settling() {
        return CompletableFuture.runAsync(() -> transfers.settle(gate.ready(), () -> false));
    }

    private static List<String> onTheirWay(int count) {
        return Api.await(
                () -> City.query("select transaction_hash from settlement_batch where state = 'recorded' and"
                        + " transaction_hash is not null order by id"),
                hashes -> hashes.size() == count);
    }

    @Test
    void a_batch_that_its_gas_ended_says_that_more_waits() {
        Scene scene = scene(IN_BATCH + 1);

        assertTrue(transfers.record().orElseThrow().more());
        assertFalse(transfers.record().orElseThrow().more());
        settlement.turn();

        scene.settledOnce();
    }

    @Test
    void what_is_on_its_way_is_in_one_batch() {
        Scene scene = scene(3 * IN_BATCH);
        Set<Bytes32> recorded = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            transfers.record().orElseThrow().batch().items().forEach(item -> assertTrue(recorded.add(item.id())));
        }
        assertTrue(transfers.record().isEmpty());
        settlement.turn();

        scene.settledOnce();
    }

    /** It noted the batch in each of its payments, and listed none. */
    @Test
    void a_batch_of_the_version_before_is_left_alone_and_finished() throws Exception {
        Scene scene = scene(2 * IN_BATCH);
        long before = transfers.record().orElseThrow().batch().id();
        City.execute("update transfer set batch = b.id from settlement_batch b where b.id = " + before
                + " and transfer.id = any(b.items)");
        City.execute("update settlement_batch set items = null where id = " + before);

        assertEquals(IN_BATCH, transfers.record().orElseThrow().batch().items().size());
        assertTrue(transfers.record().isEmpty());
        settlement.turn();

        scene.settledOnce();
        assertEquals(IN_BATCH, City.number("select count(*) from transfer where batch = " + before));
    }

    @Test
    void batches_are_sized_by_gas_and_several_are_on_their_way() {
        Scene scene = scene(9);
        City.rpc("evm_setAutomine", false);
        CompletableFuture<Void> settling = settling();

        onTheirWay(IN_FLIGHT);
        blocks_come_by_themselves_again();
        settling.join();

        scene.settledOnce();
        assertEquals(
                List.of("1", "2", "2", "2", "2"),
                City.query("select count(*) from transfer where payer = '" + scene.payer().account
                        + "' group by batch order by 1"));
        assertEquals(
                0,
                City.number("select count(*) from settlement_batch where gas_used > " + GAS_MAX
                        + " and id in (select batch from transfer where payer = '" + scene.payer().account + "')"));
    }

    @Test
    void a_transaction_that_a_node_forgot_leaves_no_gap_before_those_after_it() {
        Scene scene = scene(6);
        City.rpc("evm_setAutomine", false);
        CompletableFuture<Void> settling = settling();
        List<String> hashes = onTheirWay(IN_FLIGHT);

        City.rpc("anvil_dropTransaction", hashes.getFirst());
        blocks_come_by_themselves_again();
        settling.join();

        scene.settledOnce();
    }

    @Test
    void what_offers_too_little_is_replaced() {
        Scene scene = scene(4);
        City.rpc("evm_setAutomine", false);
        CompletableFuture<Void> settling = settling();
        onTheirWay(2);

        // blocks cost more now than was offered
        City.rpc("anvil_setNextBlockBaseFeePerGas", "0x" + Long.toHexString(60_000_000_000L));
        City.rpc("evm_mine");
        blocks_come_by_themselves_again();
        settling.join();

        scene.settledOnce();
        assertTrue(City.number("select max(attempts) from settlement_batch b where exists (select from transfer t where"
                        + " t.batch = b.id and t.payer = '" + scene.payer().account + "')")
                > 1);
    }

    @Test
    void a_crash_with_several_on_their_way_loses_and_repeats_none() {
        Scene scene = scene(6);
        Batch sent = transfers.record().orElseThrow().batch();
        gate.ready()
                .contract()
                .settle(gate.ready().keys().operator(), sent.signed(), hash -> batches.noteHash(sent, hash));
        assertTrue(transfers.record().isPresent());
        Batch neverHeardOf = transfers.record().orElseThrow().batch();
        batches.noteHash(neverHeardOf, "0x" + "de".repeat(32));

        settlement.turn();

        scene.settledOnce();
    }
}
