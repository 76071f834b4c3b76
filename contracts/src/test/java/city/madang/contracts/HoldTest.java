package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Outcome.Refused;
import city.madang.contracts.Outcome.Settled;
import city.madang.contracts.TestLedger.Holder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds, of which whoever the payer named takes a part. */
class HoldTest {

    private static TestLedger ledger;
    private static Holder hotel;

    @BeforeAll
    static void deploy() {
        ledger = new TestLedger();
        hotel = ledger.open();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @Test
    void a_hold_is_captured_once_in_part_and_the_rest_stays_its_payers() {
        Holder guest = ledger.openWith(1000);
        long before = ledger.balance(hotel);
        HoldAuthorisation hold = ledger.hold(guest, hotel, 800);
        Bytes32 id = hold.id(ledger.separator);

        List<Outcome> outcomes = ledger.settle(ledger.capture(hold, guest, hotel, 300));

        assertEquals(List.of(new Settled(id, guest.id(), hotel.id(), 300, Bytes32.ZERO)), outcomes);
        assertEquals(700, ledger.balance(guest));
        assertEquals(before + 300, ledger.balance(hotel));
        assertEquals(RefusalReason.NONCE_USED, ledger.refusal(ledger.capture(hold, guest, hotel, 300)));
        assertEquals(RefusalReason.NONCE_USED, ledger.refusal(ledger.capture(hold, guest, hotel, 500)));
        assertEquals(700, ledger.balance(guest));
        assertEquals(
                300, ledger.contract.settlementOf(id).orElseThrow().outcome().amount());
    }

    @Test
    void a_hold_may_be_captured_whole_and_of_a_balance_below_it() {
        Holder guest = ledger.openWith(500);
        HoldAuthorisation whole = ledger.hold(guest, hotel, 300);
        HoldAuthorisation more = ledger.hold(guest, hotel, 1000);

        assertInstanceOf(
                Settled.class,
                ledger.settle(ledger.capture(whole, guest, hotel, 300)).getFirst());
        assertEquals(RefusalReason.INSUFFICIENT, ledger.refusal(ledger.capture(more, guest, hotel, 201)));
        assertInstanceOf(
                Settled.class,
                ledger.settle(ledger.capture(more, guest, hotel, 200)).getFirst());
        assertEquals(0, ledger.balance(guest));
    }

    @Test
    void an_account_without_a_key_receives_what_another_key_captures_for_it() {
        Holder guest = ledger.openWith(100);
        var agency = new Holder(TestKeys.random(), new Wallet());
        ledger.contract.openReceivingAccount(ledger.operator, agency.id());
        Holder cashier = ledger.open();

        HoldAuthorisation forKeyless = ledger.hold(guest, agency, agency, 60, Bytes32.ZERO);
        assertEquals(RefusalReason.WRONG_CAPTURER, ledger.refusal(ledger.capture(forKeyless, guest, agency, 60)));
        CapturedHold versionZero = ledger.capture(forKeyless, guest, agency, 60);
        assertEquals(
                RefusalReason.WRONG_CAPTURER,
                ledger.refusal(
                        new CapturedHold(forKeyless, versionZero.signature(), 0, 60, versionZero.captureSignature())));
        HoldAuthorisation hold = ledger.hold(guest, agency, cashier, 60, Bytes32.ZERO);
        assertEquals(RefusalReason.BAD_CAPTURE, ledger.refusal(ledger.capture(hold, guest, guest, 60)));
        assertInstanceOf(
                Settled.class,
                ledger.settle(ledger.capture(hold, guest, cashier, 40)).getFirst());
        assertEquals(40, ledger.balance(agency));
        assertEquals(0, ledger.balance(cashier));
    }

    @Test
    void what_pays_a_bill_is_taken_whole_and_the_bill_is_paid_once() {
        Holder guest = ledger.openWith(1000);
        Bytes32 bill = TestKeys.random();
        HoldAuthorisation hold = ledger.hold(guest, hotel, hotel, 100, bill);

        assertEquals(RefusalReason.NOT_WITHIN_HOLD, ledger.refusal(ledger.capture(hold, guest, hotel, 99)));
        assertTrue(ledger.contract.billPaidBy(bill).isEmpty());
        assertInstanceOf(
                Settled.class,
                ledger.settle(ledger.capture(hold, guest, hotel, 100)).getFirst());
        assertEquals(hold.id(ledger.separator), ledger.contract.billPaidBy(bill).orElseThrow());
        assertEquals(RefusalReason.BILL_PAID, ledger.refusal(ledger.sign(ledger.bill(guest, hotel, 100, bill), guest)));
        assertEquals(900, ledger.balance(guest));
    }

    @Test
    void a_frozen_capturer_takes_nothing() {
        Holder guest = ledger.openWith(100);
        Holder shop = ledger.open();
        HoldAuthorisation hold = ledger.hold(guest, shop, 50);
        ledger.contract.freeze(ledger.operator, shop.id());

        assertEquals(RefusalReason.WRONG_CAPTURER, ledger.refusal(ledger.capture(hold, guest, shop, 50)));
        assertEquals(100, ledger.balance(guest));
    }

    @Test
    void payments_and_captures_share_a_batch_and_their_payers_nonces() {
        Holder guest = ledger.openWith(1000);
        PayAuthorisation pay = ledger.transfer(guest, hotel, 10);
        HoldAuthorisation same = new HoldAuthorisation(
                guest.id(),
                1,
                hotel.id(),
                hotel.id(),
                20,
                Bytes32.ZERO,
                pay.nonce(),
                pay.validAfter(),
                pay.validBefore());
        HoldAuthorisation other = ledger.hold(guest, hotel, 30);

        List<Outcome> outcomes = ledger.settle(
                ledger.capture(same, guest, hotel, 20),
                ledger.sign(pay, guest),
                ledger.capture(other, guest, hotel, 5));

        assertEquals(
                List.of(
                        new Settled(pay.id(ledger.separator), guest.id(), hotel.id(), 10, Bytes32.ZERO),
                        new Refused(same.id(ledger.separator), RefusalReason.NONCE_USED),
                        new Settled(other.id(ledger.separator), guest.id(), hotel.id(), 5, Bytes32.ZERO)),
                outcomes);
        assertEquals(985, ledger.balance(guest));
    }

    @Test
    void the_contract_and_this_module_hash_holds_alike() {
        Holder guest = ledger.open();
        HoldAuthorisation hold = new HoldAuthorisation(
                guest.id(),
                0xffff_ffffL,
                hotel.id(),
                TestKeys.random(),
                Long.MAX_VALUE,
                TestKeys.random(),
                TestKeys.random().unsigned(),
                0,
                Long.MAX_VALUE);

        assertEquals(hold.id(ledger.separator), ledger.contract.holdId(ledger.capture(hold, guest, hotel, 1)));
    }

    @Test
    void as_many_of_the_dearest_captures_as_a_batch_takes_fit_under_the_cap_of_a_transaction() {
        int count = (int) (LedgerContract.ITEMS_GAS_MAX
                / ledger.capture(ledger.hold(hotel, hotel, 1), hotel, hotel, 1).gasMax());
        List<Holder> holders = ledger.open(3 * count);
        Holder bank = ledger.openWith(1_000_000_000);
        List<SignedPayment> funds = new ArrayList<>();
        List<CapturedHold> dear = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Holder payer = holders.get(i);
            Holder payee = holders.get(count + i);
            Holder capturer = holders.get(2 * count + i);
            funds.add(ledger.sign(ledger.transfer(bank, payer, 5000), bank));
            HoldAuthorisation hold = ledger.hold(payer, payee, capturer, 4097, TestKeys.random());
            HoldAuthorisation odd = new HoldAuthorisation(
                    hold.from(),
                    1,
                    hold.to(),
                    hold.capturer(),
                    4097,
                    hold.billHash(),
                    TestKeys.random().unsigned(),
                    hold.validAfter(),
                    hold.validBefore());
            dear.add(ledger.capture(odd, payer, capturer, 4097));
        }
        ledger.contract.settle(ledger.operator, funds);

        SettlementReceipt receipt = ledger.contract.settle(ledger.operator, dear);

        System.out.printf(
                "gas per captured hold: %d at the dearest, %d in a batch%n", receipt.gasUsed() / count, count);
        assertTrue(receipt.outcomes().stream().allMatch(Settled.class::isInstance));
        assertTrue(receipt.gasUsed() < ChainSender.GAS_MAX, "gas " + receipt.gasUsed());
        List<CapturedHold> tooMany = Collections.nCopies(count + 2, dear.getFirst());
        assertThrows(IllegalArgumentException.class, () -> ledger.contract.settle(ledger.operator, tooMany));
    }

    @Test
    void a_nonce_that_its_holder_cancels_settles_nothing() {
        Holder payer = ledger.openWith(100);
        SignedPayment signed = ledger.sign(ledger.transfer(payer, hotel, 10), payer);
        HoldAuthorisation hold = ledger.hold(payer, hotel, 10);
        for (BigInteger nonce : List.of(signed.authorisation().nonce(), hold.nonce())) {
            var cancellation = new NonceCancellation(payer.id(), 1, nonce);
            P256Signature forged = new Wallet().sign(cancellation.message(ledger.separator));
            P256Signature genuine = payer.wallet().sign(cancellation.message(ledger.separator));

            assertReverts("BadSignature", () -> ledger.contract.cancelNonce(ledger.operator, cancellation, forged));
            assertReverts(
                    "WrongKeyVersion",
                    () -> ledger.contract.cancelNonce(
                            ledger.operator, new NonceCancellation(payer.id(), 2, nonce), genuine));
            assertReverts(
                    "BadSignature",
                    () -> ledger.contract.cancelNonce(
                            ledger.operator, new NonceCancellation(payer.id(), 1, nonce.add(BigInteger.TEN)), genuine));
            ledger.contract.cancelNonce(ledger.stranger, cancellation, genuine);
            assertReverts(
                    "NonceAlreadyUsed", () -> ledger.contract.cancelNonce(ledger.stranger, cancellation, genuine));
        }

        assertEquals(RefusalReason.NONCE_USED, ledger.refusal(signed));
        assertEquals(RefusalReason.NONCE_USED, ledger.refusal(ledger.capture(hold, payer, hotel, 10)));
        assertEquals(100, ledger.balance(payer));
    }

    private static void assertReverts(String error, org.junit.jupiter.api.function.Executable call) {
        assertEquals(error, assertThrows(ChainException.Reverted.class, call).error());
    }
}
