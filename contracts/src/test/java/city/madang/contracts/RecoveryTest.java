package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.LedgerRecovery.State;
import city.madang.contracts.TestLedger.Holder;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Recovery of a lost key, and every shorter way to somebody else's account. On a chain of its own, whose clock it turns. */
class RecoveryTest {

    private static final long LIFE = 30 * 24 * 3_600;

    /** Far more than the tests of this class turn the clock on. */
    private static final long YEARS = 10L * 365 * 24 * 3_600;

    private static Anvil anvil;
    private static TestLedger ledger;
    private static LedgerContract contract;

    @BeforeAll
    static void deploy() throws Exception {
        anvil = Anvil.start("osaka", "--enable-tx-gas-limit");
        ledger = new TestLedger(anvil);
        contract = ledger.contract;
    }

    @AfterAll
    static void close() {
        ledger.close();
        anvil.close();
    }

    private static void assertReverts(String error, Executable call) {
        assertEquals(error, assertThrows(ChainException.Reverted.class, call).error());
    }

    private static void later(long seconds) {
        anvil.rpc("evm_increaseTime", Long.toString(seconds));
        anvil.rpc("evm_mine", "");
    }

    private static long propose(Holder holder, Wallet next) {
        contract.proposeRecovery(ledger.identityAuthority, holder.id(), next.x(), next.y());
        return contract.recovery(holder.id()).orElseThrow().number();
    }

    private static void approve(Holder holder, long number, int... agencies) {
        for (int agency : agencies) {
            contract.approveRecovery(ledger.agencies.get(agency), holder.id(), number);
        }
    }

    private static void finish(Holder holder, long number) {
        contract.finishRecovery(ledger.operator, holder.id(), number);
    }

    private static P256Signature veto(Holder holder, Wallet signer, RecoveryVeto veto) {
        return signer.sign(veto.message(ledger.separator));
    }

    private static RecoveryVeto vetoOf(Holder holder, long number) {
        LedgerRecovery recovery = contract.recovery(holder.id()).orElseThrow();
        return new RecoveryVeto(holder.id(), recovery.keyVersion(), number, recovery.x(), recovery.y());
    }

    private static SignedPayment valid(Holder from, Holder to, long version) {
        PayAuthorisation p = ledger.transfer(from, to, 10);
        var longer = new PayAuthorisation(
                p.from(),
                version,
                p.to(),
                p.amount(),
                p.billHash(),
                p.nonce(),
                p.validAfter(),
                p.validBefore() + YEARS);
        return ledger.sign(longer, from);
    }

    private static void assertUnchanged(Holder holder) {
        LedgerAccount account = contract.account(holder.id()).orElseThrow();
        assertEquals(1, account.keyVersion());
        assertEquals(holder.wallet().x(), account.x());
        assertEquals(holder.wallet().y(), account.y());
    }

    @Test
    void a_lost_key_is_replaced_by_quorum_after_the_delay_and_what_it_had_signed_dies() {
        Holder holder = ledger.openWith(100);
        Holder shop = ledger.open();
        SignedPayment unspent = valid(holder, shop, 1);
        HoldAuthorisation hold = ledger.hold(holder, shop, 10);
        CapturedHold held = ledger.capture(hold, holder, shop, 10);
        Wallet next = new Wallet();
        contract.freeze(ledger.operator, holder.id());

        long number = propose(holder, next);
        assertEquals(
                State.PROPOSED, contract.recovery(holder.id()).orElseThrow().state());
        approve(holder, number, 2);
        assertEquals(0, contract.recovery(holder.id()).orElseThrow().readyAt());
        approve(holder, number, 0);
        LedgerRecovery approved = contract.recovery(holder.id()).orElseThrow();
        assertEquals(State.APPROVED, approved.state());
        later(TestLedger.RECOVERY_DELAY);
        // a later approval does not begin the delay anew
        approve(holder, number, 1);
        assertEquals(
                approved.readyAt(), contract.recovery(holder.id()).orElseThrow().readyAt());
        contract.finishRecovery(ledger.stranger, holder.id(), number);

        LedgerAccount account = contract.account(holder.id()).orElseThrow();
        assertEquals(2, account.keyVersion());
        assertEquals(next.x(), account.x());
        assertEquals(100, account.balance());
        assertTrue(account.frozen());
        contract.unfreeze(ledger.operator, holder.id());
        assertEquals(RefusalReason.WRONG_KEY_VERSION, ledger.refusal(unspent));
        assertEquals(RefusalReason.WRONG_KEY_VERSION, ledger.refusal(held));
        var renewed = new Holder(holder.id(), next);
        assertInstanceOf(
                Outcome.Settled.class, ledger.settle(valid(renewed, shop, 2)).getFirst());
        assertEquals(
                State.FINISHED, contract.recovery(holder.id()).orElseThrow().state());
        assertReverts("NoSuchRecovery", () -> finish(holder, number));
    }

    @Test
    void a_recovery_without_quorum_is_refused() {
        Holder holder = ledger.open();
        long number = propose(holder, new Wallet());
        assertReverts("NoSuchRecovery", () -> finish(holder, number));
        approve(holder, number, 0);
        later(TestLedger.RECOVERY_DELAY + 1);

        assertReverts("NoSuchRecovery", () -> finish(holder, number));
        // one agency twice, and whoever is none
        assertReverts("ApprovedBefore", () -> approve(holder, number, 0));
        for (ChainSender other : List.of(ledger.operator, ledger.identityAuthority, ledger.auditor, ledger.stranger)) {
            assertReverts("NotAllowed", () -> contract.approveRecovery(other, holder.id(), number));
        }
        assertReverts("NoSuchRecovery", () -> finish(holder, number));
        assertUnchanged(holder);
    }

    @Test
    void a_recovery_before_its_delay_or_long_after_it_is_refused() {
        Holder holder = ledger.open();
        long number = propose(holder, new Wallet());
        approve(holder, number, 0, 1);

        assertReverts("NotInTime", () -> finish(holder, number));
        later(TestLedger.RECOVERY_DELAY - 60);
        assertReverts("NotInTime", () -> finish(holder, number));
        later(60 + LIFE);
        assertReverts("NotInTime", () -> finish(holder, number));
        assertUnchanged(holder);
    }

    @Test
    void a_recovery_after_a_veto_is_refused() {
        Holder holder = ledger.open();
        Wallet thief = new Wallet();
        long number = propose(holder, thief);
        approve(holder, number, 0, 1);
        // whoever freezes takes no veto away
        contract.freeze(ledger.operator, holder.id());
        contract.vetoRecovery(
                ledger.stranger, vetoOf(holder, number), veto(holder, holder.wallet(), vetoOf(holder, number)));
        later(TestLedger.RECOVERY_DELAY + 1);

        assertReverts("NoSuchRecovery", () -> finish(holder, number));
        assertReverts("NoSuchRecovery", () -> approve(holder, number, 2));
        assertEquals(State.VETOED, contract.recovery(holder.id()).orElseThrow().state());
        assertUnchanged(holder);
    }

    @Test
    void only_the_present_key_vetoes_and_only_what_it_signed() {
        Holder holder = ledger.open();
        Wallet next = new Wallet();
        long number = propose(holder, next);
        RecoveryVeto veto = vetoOf(holder, number);
        P256Signature genuine = veto(holder, holder.wallet(), veto);

        assertReverts("BadSignature", () -> contract.vetoRecovery(ledger.operator, veto, veto(holder, next, veto)));
        assertReverts(
                "BadSignature",
                () -> contract.vetoRecovery(
                        ledger.operator,
                        veto,
                        veto(
                                holder,
                                holder.wallet(),
                                new RecoveryVeto(holder.id(), 1, number + 1, next.x(), next.y()))));
        // a veto of one proposal does not stop the next
        long second = propose(holder, new Wallet());
        assertEquals(number + 1, second);
        assertReverts("NoSuchRecovery", () -> contract.vetoRecovery(ledger.operator, veto, genuine));
        assertReverts("BadSignature", () -> contract.vetoRecovery(ledger.operator, vetoOf(holder, second), genuine));
        assertEquals(
                State.PROPOSED, contract.recovery(holder.id()).orElseThrow().state());
    }

    @Test
    void a_proposal_that_is_replaced_loses_its_approvals() {
        Holder holder = ledger.open();
        long first = propose(holder, new Wallet());
        approve(holder, first, 0, 1);
        Wallet thief = new Wallet();
        long second = propose(holder, thief);
        later(TestLedger.RECOVERY_DELAY + 1);

        assertReverts("NoSuchRecovery", () -> finish(holder, first));
        assertReverts("NoSuchRecovery", () -> finish(holder, second));
        assertReverts("NoSuchRecovery", () -> approve(holder, first, 2));
        approve(holder, second, 1);
        assertReverts("NoSuchRecovery", () -> finish(holder, second));
        assertUnchanged(holder);
    }

    @Test
    void a_rotation_by_the_key_that_was_thought_lost_ends_its_recovery() {
        Holder holder = ledger.open();
        long number = propose(holder, new Wallet());
        approve(holder, number, 0, 1);
        Wallet own = new Wallet();
        var rotation = new KeyRotation(holder.id(), 1, own.x(), own.y());
        contract.rotateKey(ledger.stranger, rotation, holder.wallet().sign(rotation.message(ledger.separator)));
        later(TestLedger.RECOVERY_DELAY + 1);

        assertReverts("NoSuchRecovery", () -> finish(holder, number));
        assertEquals(own.x(), contract.account(holder.id()).orElseThrow().x());
    }

    @Test
    void only_the_identity_authority_proposes_and_withdraws() {
        Holder holder = ledger.open();
        Wallet next = new Wallet();
        for (ChainSender other :
                List.of(ledger.operator, ledger.auditor, ledger.agencies.getFirst(), ledger.stranger)) {
            assertReverts("NotAllowed", () -> contract.proposeRecovery(other, holder.id(), next.x(), next.y()));
        }
        assertReverts(
                "NotOnCurve",
                () -> contract.proposeRecovery(ledger.identityAuthority, holder.id(), next.x(), Bytes32.ZERO));
        assertReverts(
                "UnknownAccount",
                () -> contract.proposeRecovery(ledger.identityAuthority, TestKeys.random(), next.x(), next.y()));
        Bytes32 keyless = TestKeys.random();
        contract.openReceivingAccount(ledger.operator, keyless);
        for (Bytes32 id : List.of(keyless, LedgerContract.REDEMPTION)) {
            assertReverts("NoKey", () -> contract.proposeRecovery(ledger.identityAuthority, id, next.x(), next.y()));
        }
        long number = propose(holder, next);
        approve(holder, number, 0, 1);
        assertReverts("NotAllowed", () -> contract.withdrawRecovery(ledger.operator, holder.id(), number));
        contract.withdrawRecovery(ledger.identityAuthority, holder.id(), number);
        later(TestLedger.RECOVERY_DELAY + 1);
        assertReverts("NoSuchRecovery", () -> finish(holder, number));
        assertUnchanged(holder);
    }

    @Test
    void a_council_that_could_not_agree_or_is_not_separate_is_refused() {
        LedgerRoles roles = ledger.roles();
        assertEquals(ledger.council(), contract.council());
        List<String> agencies = ledger.council().agencies();
        String first = agencies.getFirst();
        List<RecoveryCouncil> bad = List.of(
                new RecoveryCouncil(agencies, 4, 1),
                new RecoveryCouncil(agencies, 0, 1),
                new RecoveryCouncil(List.of(), 1, 1),
                new RecoveryCouncil(List.of(first, first), 2, 1),
                new RecoveryCouncil(List.of(first, roles.operator()), 1, 1),
                new RecoveryCouncil(List.of(first, roles.identityAuthority()), 1, 1),
                new RecoveryCouncil(agencies, 2, 91L * 24 * 3_600));

        for (RecoveryCouncil council : bad) {
            assertReverts("BadRoles", () -> LedgerContract.deploy(ledger.stranger, roles, council));
        }
        LedgerContract without = LedgerContract.deploy(ledger.stranger, roles);
        assertTrue(Objects.equals(RecoveryCouncil.NONE, without.council()));
    }
}
