package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import city.madang.contracts.TestLedger.Holder;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every way to be refused; none of them moves money. */
class RefusalTest {

    private static final long START = 1000;

    private static TestLedger ledger;
    private static Holder payer;
    private static Holder payee;

    @BeforeAll
    static void deploy() {
        ledger = new TestLedger();
        payer = ledger.openWith(START);
        payee = ledger.open();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @AfterEach
    void nothing_moved() {
        assertEquals(START, ledger.balance(payer));
        assertEquals(0, ledger.balance(payee));
    }

    private static PayAuthorisation with(PayAuthorisation p, long amount, long validAfter, long validBefore) {
        return new PayAuthorisation(
                p.from(), p.keyVersion(), p.to(), amount, p.billHash(), p.nonce(), validAfter, validBefore);
    }

    private static RefusalReason refusal(PayAuthorisation authorisation) {
        return ledger.refusal(ledger.sign(authorisation, payer));
    }

    @Test
    void an_unknown_payer_is_refused() {
        var unknown = new Holder(TestKeys.random(), payer.wallet());

        assertEquals(RefusalReason.UNKNOWN_ACCOUNT, refusal(ledger.transfer(unknown, payee, 1)));
    }

    @Test
    void another_key_version_is_refused() {
        PayAuthorisation p = ledger.transfer(payer, payee, 1);
        for (long version : List.of(0L, 2L, 0xffff_ffffL)) {
            var other = new PayAuthorisation(
                    p.from(), version, p.to(), p.amount(), p.billHash(), p.nonce(), p.validAfter(), p.validBefore());

            assertEquals(RefusalReason.WRONG_KEY_VERSION, refusal(other));
        }
    }

    @Test
    void more_than_the_balance_is_refused() {
        assertEquals(RefusalReason.INSUFFICIENT, refusal(ledger.transfer(payer, payee, START + 1)));
    }

    @Test
    void an_unknown_payee_or_the_payer_itself_is_refused() {
        var unknown = new Holder(TestKeys.random(), new Wallet());

        assertEquals(RefusalReason.UNKNOWN_PAYEE, refusal(ledger.transfer(payer, unknown, 1)));
        assertEquals(RefusalReason.UNKNOWN_PAYEE, refusal(ledger.transfer(payer, payer, 1)));
    }

    @Test
    void an_amount_out_of_bounds_is_refused() {
        assertEquals(RefusalReason.BAD_AMOUNT, refusal(ledger.transfer(payer, payee, 0)));
        assertEquals(RefusalReason.BAD_AMOUNT, refusal(ledger.transfer(payer, payee, 1_000_000_000_001L)));
        assertEquals(RefusalReason.INSUFFICIENT, refusal(ledger.transfer(payer, payee, 1_000_000_000_000L)));
    }

    @Test
    void outside_its_window_a_payment_is_refused() {
        PayAuthorisation p = ledger.transfer(payer, payee, 1);
        long now = Instant.now().getEpochSecond();

        assertEquals(RefusalReason.NOT_YET_VALID, refusal(with(p, 1, now + 600, now + 1200)));
        assertEquals(RefusalReason.EXPIRED, refusal(with(p, 1, now - 600, now - 1)));
        assertEquals(RefusalReason.EXPIRED, refusal(with(p, 1, 0, 0)));
    }

    @Test
    void a_frozen_account_does_not_pay_until_it_is_released() {
        Holder frozen = ledger.openWith(50);
        Holder shop = ledger.open();
        SignedPayment payment = ledger.sign(ledger.transfer(frozen, shop, 10), frozen);
        ledger.contract.freeze(ledger.operator, frozen.id());

        assertEquals(RefusalReason.FROZEN, ledger.refusal(payment));
        assertEquals(50, ledger.balance(frozen));
        ledger.contract.unfreeze(ledger.operator, frozen.id());
        assertInstanceOf(Outcome.Settled.class, ledger.settle(payment).getFirst());
        assertEquals(40, ledger.balance(frozen));
    }

    @Test
    void an_altered_authorisation_is_refused() {
        Holder thief = ledger.open();
        PayAuthorisation p = ledger.bill(payer, payee, 100, TestKeys.random());
        P256Signature signature = ledger.sign(p, payer).signature();
        List<PayAuthorisation> altered = List.of(
                with(p, 101, p.validAfter(), p.validBefore()),
                with(p, 100, p.validAfter() - 1, p.validBefore()),
                with(p, 100, p.validAfter(), p.validBefore() + 1),
                new PayAuthorisation(
                        p.from(), 1, thief.id(), 100, p.billHash(), p.nonce(), p.validAfter(), p.validBefore()),
                new PayAuthorisation(
                        p.from(), 1, p.to(), 100, TestKeys.random(), p.nonce(), p.validAfter(), p.validBefore()),
                new PayAuthorisation(
                        p.from(), 1, p.to(), 100, Bytes32.ZERO, p.nonce(), p.validAfter(), p.validBefore()),
                new PayAuthorisation(
                        p.from(),
                        1,
                        p.to(),
                        100,
                        p.billHash(),
                        TestKeys.random().unsigned(),
                        p.validAfter(),
                        p.validBefore()));

        for (PayAuthorisation a : altered) {
            assertEquals(RefusalReason.BAD_SIGNATURE, ledger.refusal(new SignedPayment(a, signature)), a::toString);
        }
    }

    @Test
    void an_authorisation_for_another_ledger_or_another_chain_is_refused() {
        PayAuthorisation p = ledger.transfer(payer, payee, 1);
        BigInteger chainId = ledger.chain.chainId();
        List<LedgerDomain> others = List.of(
                new LedgerDomain(chainId, ledger.stranger.address()),
                new LedgerDomain(chainId.add(BigInteger.ONE), ledger.contract.address()));

        for (LedgerDomain other : others) {
            P256Signature signature = payer.wallet().sign(p.message(other.separator()));

            assertEquals(RefusalReason.BAD_SIGNATURE, ledger.refusal(new SignedPayment(p, signature)));
        }
    }

    @Test
    void the_operator_moves_no_money_without_the_holders_signature() {
        PayAuthorisation p = ledger.transfer(payer, payee, 1);
        P256Signature genuine = ledger.sign(p, payer).signature();
        Bytes32 n = Bytes32.of(Wallet.N);
        Bytes32 max = new Bytes32("0x" + "f".repeat(64));
        Bytes32 one = Bytes32.of(BigInteger.ONE);
        List<P256Signature> forged = List.of(
                new Wallet().sign(p.message(ledger.separator)),
                payer.wallet().sign(ledger.transfer(payer, payee, 1).message(ledger.separator)),
                new P256Signature(Bytes32.ZERO, Bytes32.ZERO),
                new P256Signature(one, one),
                new P256Signature(genuine.r(), Bytes32.ZERO),
                new P256Signature(Bytes32.ZERO, genuine.s()),
                new P256Signature(genuine.s(), genuine.r()),
                new P256Signature(genuine.r(), n),
                new P256Signature(n, genuine.s()),
                new P256Signature(genuine.r(), max),
                new P256Signature(max, max));

        for (P256Signature signature : forged) {
            assertEquals(RefusalReason.BAD_SIGNATURE, ledger.refusal(new SignedPayment(p, signature)));
        }
    }

    @Test
    void an_account_without_a_key_receives_and_never_pays() {
        var treasury = new Holder(TestKeys.random(), new Wallet());
        ledger.contract.openReceivingAccount(ledger.operator, treasury.id());
        ledger.mint(treasury.id(), 70);
        PayAuthorisation p = ledger.transfer(treasury, payee, 1);
        var versionZero =
                new PayAuthorisation(p.from(), 0, p.to(), 1, p.billHash(), p.nonce(), p.validAfter(), p.validBefore());

        assertEquals(RefusalReason.WRONG_KEY_VERSION, ledger.refusal(ledger.sign(p, treasury)));
        assertEquals(RefusalReason.WRONG_KEY_VERSION, ledger.refusal(ledger.sign(versionZero, treasury)));
        assertEquals(70, ledger.balance(treasury));
    }
}
