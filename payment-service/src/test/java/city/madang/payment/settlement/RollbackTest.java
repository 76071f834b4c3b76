package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerContract;
import city.madang.payment.chain.ChainConfig;
import city.madang.payment.chain.ChainMarks;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A chain that was set back behind what was booked. */
@PaymentTest
@TestProfile(SteppedSettlement.Profile.class)
class RollbackTest {

    @Inject
    Settlement settlement;

    @Inject
    Resettlement resettlement;

    @Inject
    TransferSettler settler;

    @Inject
    BatchStore store;

    @Inject
    AccountOpener accounts;

    @Inject
    ChainMarks marks;

    @Inject
    LedgerGate gate;

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    /** The configuration of a city that wants lost payments brought back. */
    private record Resettling() implements ChainConfig {
        @Override
        public String rpcUrl() {
            return City.config("madang.chain.rpc-url");
        }

        @Override
        public Profile profile() {
            return Profile.DEVELOPMENT;
        }

        @Override
        public Optional<String> ledgerAddress() {
            return Optional.empty();
        }

        @Override
        public Optional<String> anchorAddress() {
            return Optional.empty();
        }

        @Override
        public int finalityDepth() {
            return 0;
        }

        @Override
        public AfterRollback afterRollback() {
            return AfterRollback.RESETTLE;
        }

        @Override
        public Duration recoveryDelay() {
            return Duration.ZERO;
        }

        @Override
        public Path keysDir() {
            return Path.of(City.config("madang.chain.keys-dir"));
        }
    }

    private static long onContract(LedgerContract contract, Wallet wallet) {
        return contract.account(new Bytes32(wallet.account))
                .map(account -> account.balance())
                .orElse(-1L);
    }

    @Test
    void a_chain_that_lost_what_was_booked_is_refused_explained_and_brought_back_when_told() {
        Wallet payee = City.wallet("junho");
        Wallet payer = Turns.during(settlement, () -> {
            Wallet funded = City.wallet("minji", 1_000);
            Api.await(() -> payee.state().getString("state"), "open"::equals);
            return funded;
        });
        settlement.turn();
        // a wallet asks for the ledger's domain, and a test for its address, while the gate is open
        JsonObject meanwhile = payer.signed(payer.pay(payee.account, 1, null));
        LedgerContract contract = City.contract();
        Object before = City.rpc("evm_snapshot");
        Wallet late = City.wallet("junho");
        String[] ids = new String[3];
        ids[0] = City.expect(201, payer.submit(payer.pay(payee.account, 100, null)))
                .json()
                .getString("id");
        settlement.turn();
        ids[1] = City.expect(201, payee.submit(payee.pay(late.account, 60, null)))
                .json()
                .getString("id");
        settlement.turn();
        settlement.turn();
        ids[2] = City.expect(201, payer.submit(payer.pay(payee.account, 1, null)))
                .json()
                .getString("id");
        assertEquals(60, onContract(contract, late));

        City.revert(before);
        settlement.turn();

        LedgerState.RolledBack lost = assertInstanceOf(LedgerState.RolledBack.class, gate.check());
        Api.Answer ready = Api.management("/q/health/ready");
        assertEquals(503, ready.status());
        assertTrue(ready.body().contains("reset or reorganised"), ready.body());
        assertEquals(
                "ledger-unavailable", City.expect(503, payer.submit(meanwhile)).problem());
        assertTrue(Api.management("/q/metrics").body().contains("madang_payment_ledger_refused 1.0"));
        assertEquals(
                "accepted",
                City.query("select state from transfer where id = '" + ids[2] + "'")
                        .getFirst());
        assertFalse(resettlement.bringBack(lost), "unless it is told to, it waits for people");
        assertEquals(0, onContract(contract, payee));

        assertTrue(new Resettlement(store, accounts, marks, new Resettling(), pool, meters).bringBack(lost));

        assertInstanceOf(LedgerState.Ready.class, gate.check());
        settlement.turn();
        for (String id : ids) {
            assertEquals(
                    "settled",
                    City.query("select state from transfer where id = '" + id + "'")
                            .getFirst());
            assertEquals(1, City.booked("settlement", id));
            assertTrue(contract.settlementOf(new Bytes32(id)).isPresent());
        }
        assertEquals(899, onContract(contract, payer));
        assertEquals(41, onContract(contract, payee));
        assertEquals(60, onContract(contract, late));
        assertEquals(200, Api.management("/q/health/ready").status());
    }

    @Test
    void a_refusal_by_a_chain_that_lost_its_blocks_under_a_batch_is_not_booked() {
        Wallet payer = Turns.during(settlement, () -> City.wallet("minji", 1_000));
        Wallet payee = Turns.during(settlement, () -> {
            Wallet opened = City.wallet("junho");
            Api.await(() -> opened.state().getString("state"), "open"::equals);
            return opened;
        });
        settlement.turn();
        LedgerState.Ready ready = assertInstanceOf(LedgerState.Ready.class, gate.check());
        Object before = City.rpc("evm_snapshot");
        City.expect(201, payer.submit(payer.pay(payee.account, 100, null)));
        settlement.turn();
        String onward = City.expect(201, payee.submit(payee.pay(payer.account, 60, null)))
                .json()
                .getString("id");

        // after the turn has looked, and before the batch is in a block: there the payee has nothing to pay with
        City.revert(before);

        assertThrows(IllegalStateException.class, () -> settler.settle(ready, () -> false));
        assertEquals(List.of("accepted"), City.query("select state from transfer where id = '" + onward + "'"));
        assertEquals(0, City.booked("settlement", onward) + City.booked("reversal", onward));

        LedgerState.RolledBack lost = assertInstanceOf(LedgerState.RolledBack.class, gate.check());
        assertTrue(new Resettlement(store, accounts, marks, new Resettling(), pool, meters).bringBack(lost));
        settlement.turn();
        assertEquals(List.of("settled"), City.query("select state from transfer where id = '" + onward + "'"));
        assertEquals(960, onContract(ready.contract(), payer));
        assertEquals(40, onContract(ready.contract(), payee));
    }
}
