package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Outcome.Refused;
import city.madang.contracts.Outcome.Settled;
import city.madang.contracts.TestLedger.Holder;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SettlementTest {

    private static TestLedger ledger;
    private static Holder shop;

    @BeforeAll
    static void deploy() {
        ledger = new TestLedger();
        shop = ledger.open();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @Test
    void a_payment_is_settled_once() {
        Holder payer = ledger.openWith(1000);
        long before = ledger.balance(shop);
        SignedPayment payment = ledger.sign(ledger.transfer(payer, shop, 300), payer);
        Bytes32 id = payment.authorisation().id(ledger.separator);

        assertEquals(List.of(new Settled(id, payer.id(), shop.id(), 300, Bytes32.ZERO)), ledger.settle(payment));
        assertEquals(RefusalReason.NONCE_USED, ledger.refusal(payment));
        List<Outcome> twiceInOne = ledger.settle(payment, payment);

        assertEquals(
                List.of(new Refused(id, RefusalReason.NONCE_USED), new Refused(id, RefusalReason.NONCE_USED)),
                twiceInOne);
        assertEquals(700, ledger.balance(payer));
        assertEquals(before + 300, ledger.balance(shop));
    }

    @Test
    void the_same_payment_twice_in_one_batch_settles_once() {
        Holder payer = ledger.openWith(1000);
        SignedPayment payment = ledger.sign(ledger.transfer(payer, shop, 300), payer);

        List<Outcome> outcomes = ledger.settle(payment, payment);

        assertInstanceOf(Settled.class, outcomes.get(0));
        assertInstanceOf(Refused.class, outcomes.get(1));
        assertEquals(700, ledger.balance(payer));
    }

    @Test
    void a_used_nonce_settles_no_other_payment() {
        Holder payer = ledger.openWith(1000);
        BigInteger nonce = BigInteger.ONE.shiftLeft(200).add(BigInteger.valueOf(77));
        PayAuthorisation first = ledger.pay(payer, shop, 10, Bytes32.ZERO, nonce);
        PayAuthorisation second = ledger.pay(payer, shop, 11, Bytes32.ZERO, nonce);

        ledger.settle(ledger.sign(first, payer));

        assertEquals(RefusalReason.NONCE_USED, ledger.refusal(ledger.sign(second, payer)));
        assertEquals(990, ledger.balance(payer));
        assertEquals(BigInteger.ONE.shiftLeft(77 & 0xff), ledger.contract.nonceWord(payer.id(), nonce.shiftRight(8)));
    }

    @Test
    void nonces_are_unordered_and_each_account_has_its_own() {
        Holder one = ledger.openWith(100);
        Holder other = ledger.openWith(100);

        List<Outcome> outcomes = ledger.settle(
                ledger.sign(ledger.pay(one, shop, 1, Bytes32.ZERO, BigInteger.valueOf(255)), one),
                ledger.sign(ledger.pay(one, shop, 1, Bytes32.ZERO, BigInteger.valueOf(3)), one),
                ledger.sign(ledger.pay(one, shop, 1, Bytes32.ZERO, BigInteger.valueOf(256)), one),
                ledger.sign(ledger.pay(other, shop, 1, Bytes32.ZERO, BigInteger.valueOf(3)), other));

        assertTrue(outcomes.stream().allMatch(Settled.class::isInstance), outcomes::toString);
        assertEquals(97, ledger.balance(one));
    }

    @Test
    void a_bill_is_paid_at_most_once_whoever_pays() {
        Holder debtor = ledger.openWith(1000);
        Holder friend = ledger.openWith(1000);
        Bytes32 bill = TestKeys.random();
        SignedPayment first = ledger.sign(ledger.bill(debtor, shop, 120, bill), debtor);

        ledger.settle(first);

        assertEquals(
                RefusalReason.BILL_PAID, ledger.refusal(ledger.sign(ledger.bill(debtor, shop, 120, bill), debtor)));
        assertEquals(
                RefusalReason.BILL_PAID, ledger.refusal(ledger.sign(ledger.bill(friend, shop, 120, bill), friend)));
        assertEquals(
                first.authorisation().id(ledger.separator),
                ledger.contract.billPaidBy(bill).orElseThrow());
        assertEquals(880, ledger.balance(debtor));
        assertEquals(1000, ledger.balance(friend));
    }

    @Test
    void a_bill_is_paid_at_most_once_within_one_batch() {
        Holder debtor = ledger.openWith(1000);
        Holder friend = ledger.openWith(1000);
        Bytes32 bill = TestKeys.random();

        List<Outcome> outcomes = ledger.settle(
                ledger.sign(ledger.bill(debtor, shop, 120, bill), debtor),
                ledger.sign(ledger.bill(friend, shop, 120, bill), friend));

        assertInstanceOf(Settled.class, outcomes.get(0));
        assertEquals(RefusalReason.BILL_PAID, ((Refused) outcomes.get(1)).reason());
        assertEquals(1000, ledger.balance(friend));
    }

    @Test
    void plain_transfers_share_no_bill() {
        Holder payer = ledger.openWith(100);

        ledger.settle(
                ledger.sign(ledger.transfer(payer, shop, 1), payer),
                ledger.sign(ledger.transfer(payer, shop, 1), payer));

        assertEquals(98, ledger.balance(payer));
        assertTrue(ledger.contract.billPaidBy(Bytes32.ZERO).isEmpty());
    }

    @Test
    void either_form_of_a_signature_verifies_and_the_other_is_refused() {
        Holder payer = ledger.openWith(1000);
        for (int i = 0; i < 4; i++) {
            SignedPayment given = ledger.sign(ledger.transfer(payer, shop, 10), payer);
            SignedPayment mirrored = new SignedPayment(given.authorisation(), Wallet.mirrored(given.signature()));
            boolean givenFirst = i % 2 == 0;

            List<Outcome> outcomes = givenFirst ? ledger.settle(given, mirrored) : ledger.settle(mirrored, given);

            assertInstanceOf(Settled.class, outcomes.get(0));
            assertEquals(RefusalReason.NONCE_USED, ((Refused) outcomes.get(1)).reason());
        }
        assertEquals(960, ledger.balance(payer));
    }

    @Test
    void both_a_high_and_a_low_s_settle() {
        Holder payer = ledger.openWith(1000);
        for (boolean high : List.of(true, false)) {
            SignedPayment given = ledger.sign(ledger.transfer(payer, shop, 10), payer);
            boolean isHigh = given.signature().s().unsigned().compareTo(Wallet.N.shiftRight(1)) > 0;
            SignedPayment wanted = isHigh == high
                    ? given
                    : new SignedPayment(given.authorisation(), Wallet.mirrored(given.signature()));

            assertInstanceOf(Settled.class, ledger.settle(wanted).getFirst());
        }
    }

    @Test
    void a_bad_item_never_fails_its_neighbours() {
        Holder payer = ledger.openWith(100);
        Holder stranger = new Holder(TestKeys.random(), new Wallet());
        var zero = new P256Signature(Bytes32.ZERO, Bytes32.ZERO);

        List<Outcome> outcomes = ledger.settle(
                ledger.sign(ledger.transfer(payer, shop, 40), payer),
                ledger.sign(ledger.transfer(stranger, shop, 1), stranger),
                new SignedPayment(ledger.transfer(payer, shop, 1), zero),
                ledger.sign(ledger.transfer(payer, shop, 41), payer),
                ledger.sign(ledger.transfer(payer, shop, 30), payer),
                ledger.sign(ledger.transfer(payer, shop, 31), payer),
                ledger.sign(ledger.transfer(payer, shop, 30), payer));

        assertEquals(
                List.of(
                        "settled",
                        "UNKNOWN_ACCOUNT",
                        "BAD_SIGNATURE",
                        "settled",
                        "INSUFFICIENT",
                        "INSUFFICIENT",
                        "INSUFFICIENT"),
                outcomes.stream().map(SettlementTest::brief).toList());
        assertEquals(19, ledger.balance(payer));
    }

    private static String brief(Outcome outcome) {
        return switch (outcome) {
            case Settled ignored -> "settled";
            case Refused refused -> refused.reason().name();
        };
    }

    @Test
    void only_the_operator_settles() {
        Holder payer = ledger.openWith(100);
        var batch = List.of(ledger.sign(ledger.transfer(payer, shop, 1), payer));

        assertThrows(ChainException.Failed.class, () -> ledger.contract.settle(ledger.stranger, batch));

        assertEquals(100, ledger.balance(payer));
    }

    @Test
    void a_restarted_service_learns_from_the_chain_what_settled() {
        Holder payer = ledger.openWith(100);
        SignedPayment settled = ledger.sign(ledger.transfer(payer, shop, 60), payer);
        SignedPayment refused = ledger.sign(ledger.transfer(payer, shop, 60), payer);
        List<String> written = new ArrayList<>();

        SettlementReceipt receipt = ledger.contract.settle(ledger.operator, List.of(settled, refused), written::add);

        assertEquals(List.of(receipt.transactionHash()), written);
        assertEquals(receipt, ledger.contract.settled(written.getFirst()).orElseThrow());
        assertTrue(ledger.contract.settled(TestKeys.random().hex()).isEmpty());
        Settlement found = ledger.contract
                .settlementOf(settled.authorisation().id(ledger.separator))
                .orElseThrow();
        assertEquals(receipt.outcomes().getFirst(), found.outcome());
        assertEquals(receipt.transactionHash(), found.transactionHash());
        assertEquals(receipt.blockNumber(), found.blockNumber());
        assertTrue(ledger.contract
                .settlementOf(refused.authorisation().id(ledger.separator))
                .isEmpty());
    }

    @Test
    void a_batch_of_the_dearest_200_fits_under_the_cap_of_a_transaction() {
        List<Holder> holders = ledger.open(2 * LedgerContract.BATCH_MAX);
        List<Holder> payers = holders.subList(0, LedgerContract.BATCH_MAX);
        Holder treasury = ledger.openWith(2_000_000);
        List<SignedPayment> cheap = new ArrayList<>();
        for (Holder payer : payers) {
            cheap.add(ledger.sign(ledger.transfer(treasury, payer, 5000), treasury));
        }
        List<SignedPayment> dear = new ArrayList<>();
        for (int i = 0; i < LedgerContract.BATCH_MAX; i++) {
            Holder payer = payers.get(i);
            // a new nonce word, a bill, another payee each time, and calldata without zeros where it may have none
            BigInteger nonce = TestKeys.random().unsigned();
            Holder payee = holders.get(LedgerContract.BATCH_MAX + i);
            dear.add(ledger.sign(ledger.pay(payer, payee, 4097, TestKeys.random(), nonce), payer));
        }

        // the same sender and receiver, and more of the words whose nonces are in use: what a busy payer costs
        List<SignedPayment> warm = new ArrayList<>();
        for (int i = 0; i < LedgerContract.BATCH_MAX; i++) {
            warm.add(ledger.sign(ledger.transfer(treasury, payers.getFirst(), 1), treasury));
        }

        SettlementReceipt cheapReceipt = ledger.contract.settle(ledger.operator, cheap);
        SettlementReceipt dearReceipt = ledger.contract.settle(ledger.operator, dear);
        SettlementReceipt warmReceipt = ledger.contract.settle(ledger.operator, warm);

        System.out.printf(
                "gas per item: %d from one payer without bills, %d with new payers, nonce words, bills and payees,"
                        + " %d between two accounts in use%n",
                cheapReceipt.gasUsed() / cheap.size(),
                dearReceipt.gasUsed() / dear.size(),
                warmReceipt.gasUsed() / warm.size());
        assertTrue(warmReceipt.outcomes().stream().allMatch(Settled.class::isInstance));
        assertTrue(warmReceipt.gasUsed() <= 30_000L * warm.size(), "gas " + warmReceipt.gasUsed());
        assertTrue(cheapReceipt.outcomes().stream().allMatch(Settled.class::isInstance));
        assertTrue(dearReceipt.outcomes().stream().allMatch(Settled.class::isInstance));
        assertEquals(LedgerContract.BATCH_MAX, dearReceipt.outcomes().size());
        assertTrue(dearReceipt.gasUsed() < ChainSender.GAS_MAX, "gas " + dearReceipt.gasUsed());
    }

    @Test
    void a_batch_has_limits() {
        Holder payer = ledger.open();
        SignedPayment payment = ledger.sign(ledger.transfer(payer, shop, 1), payer);

        assertThrows(IllegalArgumentException.class, () -> ledger.contract.settle(ledger.operator, List.of()));
        var tooMany = java.util.Collections.nCopies(LedgerContract.BATCH_MAX + 1, payment);
        assertThrows(IllegalArgumentException.class, () -> ledger.contract.settle(ledger.operator, tooMany));
    }

    @Test
    void the_contract_and_this_module_hash_alike() {
        Holder payer = ledger.open();
        long now = Instant.now().getEpochSecond();
        var odd = new PayAuthorisation(
                payer.id(),
                0xffff_ffffL,
                shop.id(),
                Long.MAX_VALUE,
                TestKeys.random(),
                BigInteger.TWO.pow(256).subtract(BigInteger.ONE),
                0,
                now);

        assertEquals(ledger.contract.domainSeparator(), ledger.separator);
        assertEquals(ledger.contract.authorisationId(ledger.sign(odd, payer)), odd.id(ledger.separator));
    }
}
