package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import city.madang.contracts.TestLedger.Holder;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The operator, who alone may send batches, sends what nobody signed, past every check of the services. Each attack is tried
 * with a payment and with a hold. Attacks on recovery are in {@link RecoveryTest}.
 */
class OperatorAttackTest {

    private static final long START = 10_000;

    private static TestLedger ledger;
    private static Holder payer;
    private static Holder payee;
    private static Holder thief;

    @BeforeAll
    static void deploy() {
        ledger = new TestLedger();
        payer = ledger.openWith(START);
        payee = ledger.open();
        thief = ledger.open();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @AfterEach
    void the_operator_gains_nothing() {
        assertEquals(0, ledger.balance(thief));
        assertEquals(START, ledger.balance(payer) + ledger.balance(payee));
        assertEquals(ledger.contract.supply(), START);
    }

    private static PayAuthorisation pay() {
        return ledger.bill(payer, payee, 100, TestKeys.random());
    }

    private static HoldAuthorisation hold() {
        return ledger.hold(payer, payee, 100);
    }

    /** What was signed for {@code genuine} is brought as {@code altered}. */
    private static void assertForged(PayAuthorisation genuine, PayAuthorisation altered) {
        assertEquals(
                RefusalReason.BAD_SIGNATURE,
                ledger.refusal(
                        new SignedPayment(altered, ledger.sign(genuine, payer).signature())));
    }

    /** As above, and the operator has even got the capturer to sign for the altered hold. */
    private static void assertForged(HoldAuthorisation genuine, HoldAuthorisation altered, Holder capturer) {
        CapturedHold colluding = ledger.capture(altered, payer, capturer, 100);
        assertEquals(
                RefusalReason.BAD_SIGNATURE,
                ledger.refusal(new CapturedHold(
                        altered,
                        payer.wallet().sign(genuine.message(ledger.separator)),
                        1,
                        100,
                        colluding.captureSignature())));
    }

    private static HoldAuthorisation with(
            HoldAuthorisation h, Bytes32 to, Bytes32 capturer, long max, long after, long before) {
        return new HoldAuthorisation(h.from(), 1, to, capturer, max, h.billHash(), h.nonce(), after, before);
    }

    private static PayAuthorisation with(PayAuthorisation p, Bytes32 to, long amount, long after, long before) {
        return new PayAuthorisation(p.from(), 1, to, amount, p.billHash(), p.nonce(), after, before);
    }

    @Test
    void an_altered_amount_is_refused() {
        PayAuthorisation p = pay();
        HoldAuthorisation h = hold();

        assertForged(p, with(p, p.to(), 101, p.validAfter(), p.validBefore()));
        assertForged(p, with(p, p.to(), 99, p.validAfter(), p.validBefore()));
        assertForged(h, with(h, h.to(), h.capturer(), 101, h.validAfter(), h.validBefore()), payee);
        // and of what the capturer signed
        CapturedHold signed = ledger.capture(h, payer, payee, 60);
        assertEquals(
                RefusalReason.BAD_CAPTURE,
                ledger.refusal(new CapturedHold(h, signed.signature(), 1, 61, signed.captureSignature())));
    }

    @Test
    void an_altered_payee_is_refused() {
        PayAuthorisation p = pay();
        HoldAuthorisation h = hold();

        assertForged(p, with(p, thief.id(), 100, p.validAfter(), p.validBefore()));
        assertForged(h, with(h, thief.id(), h.capturer(), 100, h.validAfter(), h.validBefore()), payee);
        assertForged(h, with(h, h.to(), thief.id(), 100, h.validAfter(), h.validBefore()), thief);
    }

    @Test
    void an_altered_window_is_refused() {
        PayAuthorisation p = pay();
        HoldAuthorisation h = hold();

        assertForged(p, with(p, p.to(), 100, p.validAfter() - 1, p.validBefore()));
        assertForged(p, with(p, p.to(), 100, p.validAfter(), p.validBefore() + 1));
        assertForged(h, with(h, h.to(), h.capturer(), 100, h.validAfter() - 1, h.validBefore()), payee);
        assertForged(h, with(h, h.to(), h.capturer(), 100, h.validAfter(), h.validBefore() + 1), payee);
    }

    @Test
    void outside_its_window_a_hold_settles_nothing() {
        HoldAuthorisation h = hold();
        long now = h.validAfter() + 60;

        assertEquals(
                RefusalReason.EXPIRED,
                ledger.refusal(
                        ledger.capture(with(h, h.to(), h.capturer(), 100, now - 600, now - 1), payer, payee, 100)));
        assertEquals(
                RefusalReason.NOT_YET_VALID,
                ledger.refusal(
                        ledger.capture(with(h, h.to(), h.capturer(), 100, now + 600, now + 900), payer, payee, 100)));
    }

    @Test
    void another_domain_is_refused() {
        BigInteger chainId = ledger.chain.chainId();
        for (LedgerDomain domain : List.of(
                new LedgerDomain(chainId, ledger.stranger.address()),
                new LedgerDomain(chainId.add(BigInteger.ONE), ledger.contract.address()))) {
            Bytes32 other = domain.separator();
            PayAuthorisation p = pay();
            HoldAuthorisation h = hold();
            CapturedHold signed = ledger.capture(h, payer, payee, 50);
            var capture = new HoldCapture(h.id(ledger.separator), 1, 50);

            assertEquals(
                    RefusalReason.BAD_SIGNATURE,
                    ledger.refusal(new SignedPayment(p, payer.wallet().sign(p.message(other)))));
            assertEquals(
                    RefusalReason.BAD_SIGNATURE,
                    ledger.refusal(new CapturedHold(
                            h, payer.wallet().sign(h.message(other)), 1, 50, signed.captureSignature())));
            assertEquals(
                    RefusalReason.BAD_CAPTURE,
                    ledger.refusal(new CapturedHold(
                            h, signed.signature(), 1, 50, payee.wallet().sign(capture.message(other)))));
        }
    }

    @Test
    void a_stale_key_version_is_refused() {
        Holder shop = ledger.open();
        HoldAuthorisation h = ledger.hold(payer, payee, shop, 100, Bytes32.ZERO);
        CapturedHold signed = ledger.capture(h, payer, shop, 100);
        var next = new Holder(shop.id(), new Wallet());
        var rotation =
                new KeyRotation(shop.id(), 1, next.wallet().x(), next.wallet().y());
        ledger.contract.rotateKey(ledger.operator, rotation, shop.wallet().sign(rotation.message(ledger.separator)));

        assertEquals(RefusalReason.WRONG_CAPTURER, ledger.refusal(signed));
        assertEquals(
                RefusalReason.BAD_CAPTURE,
                ledger.refusal(new CapturedHold(h, signed.signature(), 2, 100, signed.captureSignature())));
        // of the payer's
        SignedPayment unspent = ledger.sign(ledger.transfer(shop, payee, 1), shop);
        CapturedHold held = ledger.capture(ledger.hold(shop, payee, 1), shop, payee, 1);
        assertEquals(RefusalReason.WRONG_KEY_VERSION, ledger.refusal(unspent));
        assertEquals(RefusalReason.WRONG_KEY_VERSION, ledger.refusal(held));
    }

    @Test
    void a_used_nonce_is_refused() {
        PayAuthorisation p = ledger.transfer(payer, payee, 10);
        SignedPayment first = ledger.sign(p, payer);
        HoldAuthorisation again = new HoldAuthorisation(
                p.from(), 1, p.to(), p.to(), 10, Bytes32.ZERO, p.nonce(), p.validAfter(), p.validBefore());
        assertInstanceOf(Outcome.Settled.class, ledger.settle(first).getFirst());

        assertEquals(RefusalReason.NONCE_USED, ledger.refusal(first));
        assertEquals(
                RefusalReason.NONCE_USED,
                ledger.refusal(ledger.sign(ledger.pay(payer, payee, 11, Bytes32.ZERO, p.nonce()), payer)));
        assertEquals(RefusalReason.NONCE_USED, ledger.refusal(ledger.capture(again, payer, payee, 10)));
    }

    @Test
    void a_paid_bill_is_refused() {
        Bytes32 bill = TestKeys.random();
        SignedPayment first = ledger.sign(ledger.bill(payer, payee, 10, bill), payer);
        assertInstanceOf(Outcome.Settled.class, ledger.settle(first).getFirst());

        assertEquals(RefusalReason.BILL_PAID, ledger.refusal(ledger.sign(ledger.bill(payer, payee, 10, bill), payer)));
        assertEquals(
                RefusalReason.BILL_PAID,
                ledger.refusal(ledger.capture(ledger.hold(payer, payee, payee, 10, bill), payer, payee, 10)));
    }

    @Test
    void a_malleable_signature_is_a_replay() {
        SignedPayment p = ledger.sign(ledger.transfer(payer, payee, 10), payer);
        CapturedHold h = ledger.capture(hold(), payer, payee, 10);
        assertInstanceOf(Outcome.Settled.class, ledger.settle(p).getFirst());
        assertInstanceOf(Outcome.Settled.class, ledger.settle(h).getFirst());

        assertEquals(
                RefusalReason.NONCE_USED,
                ledger.refusal(new SignedPayment(p.authorisation(), Wallet.mirrored(p.signature()))));
        assertEquals(
                RefusalReason.NONCE_USED,
                ledger.refusal(new CapturedHold(
                        h.hold(), Wallet.mirrored(h.signature()), 1, 10, Wallet.mirrored(h.captureSignature()))));
    }

    @Test
    void a_capture_above_the_maximum_is_refused() {
        for (long amount : List.of(101L, 10_000L, Long.MAX_VALUE)) {
            assertEquals(RefusalReason.NOT_WITHIN_HOLD, ledger.refusal(ledger.capture(hold(), payer, payee, amount)));
        }
        assertEquals(RefusalReason.BAD_AMOUNT, ledger.refusal(ledger.capture(hold(), payer, payee, 0)));
        HoldAuthorisation h = hold();
        HoldAuthorisation huge = with(h, h.to(), h.capturer(), 1_000_000_000_001L, h.validAfter(), h.validBefore());
        assertEquals(RefusalReason.BAD_AMOUNT, ledger.refusal(ledger.capture(huge, payer, payee, 1)));
    }

    @Test
    void a_hold_that_its_capturer_did_not_capture_is_refused() {
        HoldAuthorisation h = hold();
        P256Signature payers = payer.wallet().sign(h.message(ledger.separator));
        var capture = new HoldCapture(h.id(ledger.separator), 1, 100);
        List<P256Signature> forged = List.of(
                thief.wallet().sign(capture.message(ledger.separator)),
                payer.wallet().sign(capture.message(ledger.separator)),
                payers,
                new P256Signature(Bytes32.ZERO, Bytes32.ZERO),
                // what the capturer signed for another hold
                ledger.capture(hold(), payer, payee, 100).captureSignature());

        for (P256Signature signature : forged) {
            assertEquals(RefusalReason.BAD_CAPTURE, ledger.refusal(new CapturedHold(h, payers, 1, 100, signature)));
        }
    }

    @Test
    void a_hold_is_no_payment_and_a_payment_no_hold() {
        HoldAuthorisation h = hold();
        PayAuthorisation asPayment = new PayAuthorisation(
                h.from(), 1, h.to(), h.maxAmount(), h.billHash(), h.nonce(), h.validAfter(), h.validBefore());
        PayAuthorisation p = ledger.transfer(payer, payee, 100);
        HoldAuthorisation asHold = new HoldAuthorisation(
                p.from(), 1, p.to(), p.to(), 100, p.billHash(), p.nonce(), p.validAfter(), p.validBefore());

        assertEquals(
                RefusalReason.BAD_SIGNATURE,
                ledger.refusal(new SignedPayment(asPayment, payer.wallet().sign(h.message(ledger.separator)))));
        CapturedHold colluding = ledger.capture(asHold, payer, payee, 100);
        assertEquals(
                RefusalReason.BAD_SIGNATURE,
                ledger.refusal(new CapturedHold(
                        asHold, ledger.sign(p, payer).signature(), 1, 100, colluding.captureSignature())));
    }
}
