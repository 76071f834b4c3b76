package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.contracts.TestLedger.Holder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Redeeming: holders pay in, two treasurers burn. */
class RedemptionTest {

    private static final Holder REDEMPTION = new Holder(LedgerContract.REDEMPTION, new Wallet());

    private TestLedger ledger;
    private LedgerContract contract;
    private Holder holder;

    @BeforeEach
    void deploy() {
        ledger = new TestLedger();
        contract = ledger.contract;
        holder = ledger.openWith(1000);
    }

    @AfterEach
    void close() {
        assertEquals(contract.supply(), ledger.balance(holder) + ledger.balance(REDEMPTION));
        ledger.close();
    }

    private static void assertReverts(String error, Executable call) {
        assertEquals(error, assertThrows(ChainException.Reverted.class, call).error());
    }

    private void payIn(long amount) {
        assertInstanceOf(
                Outcome.Settled.class,
                ledger.settle(ledger.sign(ledger.transfer(holder, REDEMPTION, amount), holder))
                        .getFirst());
    }

    @Test
    void what_a_holder_pays_in_is_burned_by_two_treasurers_once() {
        payIn(400);
        Bytes32 burnId = TestKeys.random();
        contract.proposeBurn(ledger.treasurerB, burnId, 300);
        assertEquals(1000, contract.supply());
        assertReverts("NotAllowed", () -> contract.approveBurn(ledger.treasurerB, burnId));
        for (ChainSender other : List.of(ledger.operator, ledger.auditor, ledger.stranger)) {
            assertReverts("NotAllowed", () -> contract.proposeBurn(other, TestKeys.random(), 1));
            assertReverts("NotAllowed", () -> contract.approveBurn(other, burnId));
        }

        contract.approveBurn(ledger.treasurerA, burnId);

        assertEquals(700, contract.supply());
        assertEquals(100, ledger.balance(REDEMPTION));
        assertEquals(
                new LedgerBurn(300, ledger.treasurerB.address(), true),
                contract.burn(burnId).orElseThrow());
        assertEquals(66, contract.burnedIn(burnId).orElseThrow().length());
        assertReverts("BurnNotProposed", () -> contract.approveBurn(ledger.treasurerA, burnId));
        assertReverts("BadBurn", () -> contract.proposeBurn(ledger.treasurerA, burnId, 1));
        assertReverts("BurnNotProposed", () -> contract.approveBurn(ledger.treasurerA, TestKeys.random()));
    }

    @Test
    void treasurers_burn_no_more_than_holders_paid_in() {
        payIn(100);
        Bytes32 first = TestKeys.random();
        Bytes32 second = TestKeys.random();
        contract.proposeBurn(ledger.treasurerA, first, 100);
        contract.proposeBurn(ledger.treasurerA, second, 1);
        assertReverts("BadBurn", () -> contract.proposeBurn(ledger.treasurerA, TestKeys.random(), 0));

        contract.approveBurn(ledger.treasurerB, first);

        assertReverts("AboveRedeemed", () -> contract.approveBurn(ledger.treasurerB, second));
        assertEquals(900, ledger.balance(holder));
    }

    @Test
    void nobody_gets_a_key_to_what_waits_to_be_burned() {
        payIn(100);
        Wallet thief = REDEMPTION.wallet();

        assertReverts(
                "NotAllowed",
                () -> contract.setFirstKey(ledger.identityAuthority, REDEMPTION.id(), thief.x(), thief.y()));
        assertReverts(
                "NoKey",
                () -> contract.proposeRecovery(ledger.identityAuthority, REDEMPTION.id(), thief.x(), thief.y()));
        assertReverts(
                "AccountExists", () -> contract.openAccount(ledger.operator, REDEMPTION.id(), thief.x(), thief.y()));
        assertEquals(
                RefusalReason.WRONG_KEY_VERSION,
                ledger.refusal(ledger.sign(ledger.transfer(REDEMPTION, holder, 1), REDEMPTION)));
    }
}
