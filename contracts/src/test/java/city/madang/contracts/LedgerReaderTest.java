package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.LedgerReader.NonceWord;
import city.madang.contracts.TestLedger.Holder;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read with many others is what would be read alone, or it is told that nothing was read. */
class LedgerReaderTest {

    private static final int MAX = LedgerReader.READ_MAX;

    private static TestLedger ledger;
    private static Holder payer;
    private static Holder shop;
    private static PayAuthorisation paid;

    @BeforeAll
    static void deploy() {
        ledger = new TestLedger();
        payer = ledger.openWith(1_000);
        shop = ledger.open();
        paid = ledger.bill(payer, shop, 7, TestKeys.random());
        ledger.settle(ledger.sign(paid, payer));
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    private static LedgerReader now() {
        return ledger.contract.reader(ledger.chain.blockNumber());
    }

    /** Where one that the ledger knows stands among so many: at both ends of the first call and at the end of all. */
    private static boolean isKnown(int place, int count) {
        return place == 0 || place == MAX - 1 || place == count - 1;
    }

    private static <T> List<T> among(int count, T known, Supplier<T> unknown) {
        return IntStream.range(0, count)
                .mapToObj(place -> isKnown(place, count) ? known : unknown.get())
                .toList();
    }

    /** A call that was too large would be refused: by its gas, its code or its answer. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, MAX - 1, MAX, MAX + 1, 2 * MAX + 1})
    void each_is_answered_in_its_place_however_many_are_asked_for(int count) {
        var account = new AccountStanding(1, 993, false);
        var word = new NonceWord(payer.id(), paid.nonce().shiftRight(8));
        BigInteger bits = ledger.contract.nonceWord(word.account(), word.word());
        Supplier<NonceWord> otherWord =
                () -> new NonceWord(payer.id(), TestKeys.random().unsigned());

        assertEquals(
                among(count, Optional.of(account), Optional::empty),
                now().accounts(among(count, payer.id(), TestKeys::random)));
        assertEquals(among(count, bits, () -> BigInteger.ZERO), now().nonceWords(among(count, word, otherWord)));
        assertEquals(
                among(count, paid.id(ledger.separator), () -> Bytes32.ZERO),
                now().billsPaidBy(among(count, paid.billHash(), TestKeys::random)));
    }

    @Test
    void an_account_is_told_as_it_is_alone() {
        Holder frozen = ledger.openWith(1_000_000_000_000L);
        ledger.contract.freeze(ledger.operator, frozen.id());
        Bytes32 receiving = TestKeys.random();
        ledger.contract.openReceivingAccount(ledger.operator, receiving);

        List<Bytes32> ids = List.of(frozen.id(), receiving, payer.id(), LedgerContract.REDEMPTION);

        assertEquals(
                ids.stream()
                        .map(id -> ledger.contract.account(id).orElseThrow())
                        .map(one -> Optional.of(new AccountStanding(one.keyVersion(), one.balance(), one.frozen())))
                        .toList(),
                now().accounts(ids));
    }

    @Test
    void all_is_read_as_the_block_left_it() {
        Holder other = ledger.openWith(50);
        SignedPayment payment = ledger.sign(ledger.bill(other, shop, 20, TestKeys.random()), other);
        var word = new NonceWord(other.id(), payment.authorisation().nonce().shiftRight(8));
        Bytes32 bill = payment.authorisation().billHash();
        LedgerReader before = now();
        long supply = before.supply();

        ledger.settle(payment);
        ledger.mint(other.id(), 3);

        assertEquals(List.of(Optional.of(new AccountStanding(1, 50, false))), before.accounts(List.of(other.id())));
        assertEquals(List.of(BigInteger.ZERO), before.nonceWords(List.of(word)));
        assertEquals(List.of(Bytes32.ZERO), before.billsPaidBy(List.of(bill)));
        assertEquals(supply, before.supply());
        assertEquals(List.of(Optional.of(new AccountStanding(1, 33, false))), now().accounts(List.of(other.id())));
        assertEquals(List.of(payment.authorisation().id(ledger.separator)), now().billsPaidBy(List.of(bill)));
        assertEquals(supply + 3, now().supply());
    }

    /** No contract's code may begin so (EIP-3541). */
    @Test
    void a_first_answer_that_begins_with_ef_is_read_too() {
        Holder other = ledger.openWith(7);
        ledger.settle(IntStream.of(255, 254, 253, 251, 250, 249, 248)
                .mapToObj(nonce -> ledger.pay(other, shop, 1, Bytes32.ZERO, BigInteger.valueOf(nonce)))
                .map(pay -> ledger.sign(pay, other))
                .toArray(SignedPayment[]::new));

        BigInteger bits = now().nonceWords(List.of(new NonceWord(other.id(), BigInteger.ZERO)))
                .getFirst();

        assertEquals(BigInteger.valueOf(0xef).shiftLeft(248), bits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"result\":null",
                "\"result\":\"0x\"", // a node that runs nothing without an address
                "\"result\":\"0x%2$s\"", // the count alone
                "\"result\":\"0x%2$s%1$s\"", // one too few
                "\"result\":\"0x%2$s%1$s%1$s%1$s\"", // one too many
                "\"result\":\"0x%2$s%1$s%1$s00\"", // a byte too many
                "\"result\":\"0x%1$s%1$s%1$s\"", // another count
                "\"error\":{\"code\":-32602,\"message\":\"missing field to\"}",
                "\"error\":{\"code\":-32000,\"message\":\"out of gas\"}"
            })
    void what_is_not_all_that_was_asked_for_is_told_as_no_answer(String form) throws Exception {
        String member = form.formatted("0".repeat(64), "0".repeat(63) + "2");
        List<Bytes32> two = List.of(TestKeys.random(), TestKeys.random());
        try (var node = new AnsweringNode(member);
                var chain = node.connect()) {
            LedgerReader reader = new LedgerContract(chain, ledger.contract.address()).reader(1);

            var told = assertThrows(ChainException.Unavailable.class, () -> reader.billsPaidBy(two));
            assertTrue(Objects.requireNonNull(told.getMessage()).contains("the node"), told::getMessage);
            assertThrows(ChainException.Unavailable.class, () -> reader.accounts(two));
        }
    }

    @Test
    void no_ledger_at_the_address_is_told() {
        LedgerReader nowhere = new LedgerContract(
                        ledger.chain, TestKeys.newCredentials().address())
                .reader(ledger.chain.blockNumber());

        var refusal =
                assertThrows(ChainException.Reverted.class, () -> nowhere.billsPaidBy(List.of(TestKeys.random())));

        assertEquals("NoLedger", refusal.error());
    }

    /** Code that reverts, that answers nothing, and that answers 31 bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"0x5f5ffd", "0x00", "0x601f5ff3"})
    void a_contract_that_answers_otherwise_than_a_ledger_is_told(String code) {
        String place = TestKeys.newCredentials().address();
        Anvil.shared().rpc("anvil_setCode", "\"" + place + "\",\"" + code + "\"");
        Anvil.shared().rpc("evm_mine", "");
        LedgerReader reader = new LedgerContract(ledger.chain, place).reader(ledger.chain.blockNumber());

        for (Supplier<?> read : List.<Supplier<?>>of(
                () -> reader.accounts(List.of(TestKeys.random())),
                () -> reader.nonceWords(List.of(new NonceWord(TestKeys.random(), BigInteger.ONE))),
                () -> reader.billsPaidBy(List.of(TestKeys.random())),
                reader::supply)) {
            assertInstanceOf(ChainException.class, assertThrows(RuntimeException.class, read::get));
        }
    }
}
