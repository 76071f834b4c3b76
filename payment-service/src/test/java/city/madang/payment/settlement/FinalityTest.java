package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.payment.chain.Finality;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A chain whose blocks can be replaced until three stand on them. */
@PaymentTest
@TestProfile(InFlightTest.SmallBatches.class)
class FinalityTest {

    @Inject
    Settlement settlement;

    @Inject
    TransferSettler transfers;

    @Inject
    LedgerGate gate;

    /** The chain as it is, under another rule. */
    private LedgerState.Ready threeDeep() {
        LedgerState.Ready ready = gate.ready();
        return new LedgerState.Ready(ready.contract(), ready.keys(), ready.separator(), new Finality(3));
    }

    private static List<String> landed(String id) {
        return City.query("select transaction_hash from settlement_batch where '" + id
                + "' = any(items) and transaction_hash is not null");
    }

    private static String state(String id) {
        return City.query("select state from transfer where id = '" + id + "'").getFirst();
    }

    @Test
    void nothing_is_booked_before_its_block_is_final_and_a_replaced_block_counts_for_nothing() throws Exception {
        Wallet payee = City.wallet("junho");
        Wallet payer = Turns.during(settlement, () -> {
            Wallet funded = City.wallet("minji", 1_000);
            Api.await(() -> payee.state().getString("state"), "open"::equals);
            return funded;
        });
        String id = City.expect(201, payer.submit(payer.pay(payee.account, 7, null)))
                .json()
                .getString("id");
        Object before = City.rpc("evm_snapshot");
        CompletableFuture<Void> settling = CompletableFuture.runAsync(() -> transfers.settle(threeDeep(), () -> false));
        String first = Api.await(() -> landed(id), found -> !found.isEmpty()).getFirst();
        Api.await(() -> City.rpc("eth_getTransactionReceipt", first), found -> found != null);
        City.rpc("evm_mine");
        City.rpc("evm_mine");
        Thread.sleep(300);
        assertEquals("accepted", state(id), "two blocks are not enough");

        // the chain takes another branch, on which this batch is in no block; it is sent again
        City.revert(before);
        String second = Api.await(() -> landed(id), found -> !found.getFirst().equals(first))
                .getFirst();
        Api.await(() -> City.rpc("eth_getTransactionReceipt", second), found -> found != null);
        assertEquals("accepted", state(id));
        for (int i = 0; i < 3; i++) {
            City.rpc("evm_mine");
        }
        settling.join();

        assertEquals("settled", state(id));
        assertEquals(
                second,
                City.query("select transaction_hash from transfer where id = '" + id + "'")
                        .getFirst());
    }

    @Test
    void a_block_is_final_at_once_where_consensus_says_so_else_when_enough_stand_on_it() {
        assertTrue(new Finality(0).isFinal(5, () -> {
            throw new AssertionError("nobody need be asked");
        }));
        assertFalse(new Finality(3).isFinal(5, () -> 7));
        assertTrue(new Finality(3).isFinal(5, () -> 8));
    }
}
