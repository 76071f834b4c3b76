package city.madang.payment.reconciliation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.ChainException;
import city.madang.contracts.LedgerReader;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.ledger.Books;
import city.madang.payment.settlement.SteppedSettlement;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A comparison is of one moment, however long it takes and whatever settles meanwhile. */
@PaymentTest
@TestProfile(SteppedSettlement.Profile.class)
class ComparisonTest {

    @Inject
    SteppedSettlement settlement;

    @Inject
    LedgerGate gate;

    @Inject
    Pool pool;

    private Wallet open(Supplier<Wallet> wallet) {
        return settlement.during(() -> {
            Wallet opened = wallet.get();
            Api.await(() -> opened.state().getString("state"), "open"::equals);
            return opened;
        });
    }

    private void settles(Wallet payer, Wallet payee, int payments) {
        for (int i = 0; i < payments; i++) {
            City.expect(201, payer.submit(payer.pay(payee.account, 1, null)));
        }
        settlement.settleAll();
    }

    private LedgerState.Ready ledger() {
        return assertInstanceOf(LedgerState.Ready.class, gate.check());
    }

    @Test
    void what_settles_while_it_runs_is_not_taken_for_a_difference() {
        Wallet payer = open(() -> City.wallet("minji", 1_000));
        Wallet payee = open(() -> City.wallet("junho"));
        settles(payer, payee, 3);

        try (Comparison comparison = Comparison.begin(ledger(), pool)) {
            settles(payer, payee, 2);
            Reconciliation result = comparison.run(0);
            assertEquals(List.of(), result.differences());
            assertEquals(List.of(), result.findings());
            assertTrue(result.agrees());
            assertTrue(comparison.stillStands());
        }
    }

    @Test
    void a_difference_of_its_moment_is_found_though_it_is_gone_when_it_is_looked_for() throws Exception {
        Wallet payer = open(() -> City.wallet("minji", 1_000));
        Wallet payee = open(() -> City.wallet("junho"));
        settles(payer, payee, 1);

        City.execute("alter table account disable trigger user");
        City.execute("update account set available = available + 1 where id = '" + payee.account + "'");
        Comparison comparison = Comparison.begin(ledger(), pool);
        City.execute("update account set available = available - 1 where id = '" + payee.account + "'");
        City.execute("alter table account enable trigger user");
        try (comparison) {
            Reconciliation result = comparison.run(0);
            assertEquals(
                    List.of(payee.account),
                    result.differences().stream()
                            .map(Reconciliation.Difference::account)
                            .toList());
        }
    }

    @Test
    void blocks_that_were_replaced_meanwhile_say_nothing() throws Exception {
        Wallet payer = open(() -> City.wallet("minji", 1_000));
        Wallet payee = open(() -> City.wallet("junho"));
        settles(payer, payee, 1);
        Object before = City.rpc("evm_snapshot");
        City.rpc("evm_mine");
        try (Comparison comparison = Comparison.begin(ledger(), pool)) {
            assertTrue(comparison.stillStands());
            City.revert(before);
            assertFalse(comparison.stillStands());
        }
    }

    /** As many unknown to the contract as make one call full together with those that are there, and one and a call's more. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, LedgerReader.READ_MAX})
    void each_account_is_compared_however_many_calls_it_takes(int more) throws Exception {
        open(() -> City.wallet("minji", 1_000));
        String compared = "select count(*) from account where state <> 'opening' and id <> '" + Books.ISSUANCE + "'";
        long known = City.number(compared);
        long unknown = LedgerReader.READ_MAX - known % LedgerReader.READ_MAX + more;

        Comparison comparison;
        City.execute("alter table account disable trigger user");
        try {
            City.execute("insert into account (id, owner_kind, owner, key_version, state)"
                    + " select '0x' || lpad(to_hex(n), 64, '0'), 'citizen', 'known to the books alone', 0, 'open'"
                    + " from generate_series(1, " + unknown + ") n");
            comparison = Comparison.begin(ledger(), pool);
        } finally {
            City.execute("delete from account where owner = 'known to the books alone'");
            City.execute("alter table account enable trigger user");
        }
        try (comparison) {
            Reconciliation result = comparison.run(0);
            assertEquals(known + unknown, result.accounts());
            assertEquals(
                    LongStream.rangeClosed(1, unknown)
                            .mapToObj(n -> new Reconciliation.Difference("0x%064x".formatted(n), 0, -1))
                            .toList(),
                    result.differences());
        }
    }

    /** Code that reverts, that answers nothing, and that is none. */
    @ParameterizedTest
    @ValueSource(strings = {"0x5f5ffd", "0x00", "0x"})
    void a_contract_that_does_not_answer_neither_agrees_nor_differs(String code) {
        open(() -> City.wallet("minji", 1_000));
        LedgerState.Ready ledger = ledger();
        Object before = City.rpc("evm_snapshot");
        City.rpc("anvil_setCode", ledger.contract().address(), code);
        City.rpc("evm_mine");
        try (Comparison comparison = Comparison.begin(ledger, pool)) {
            assertThrows(ChainException.class, () -> comparison.run(0));
        } finally {
            City.revert(before);
        }
    }

    @Test
    void pages_hold_each_word_once_and_whole_wherever_they_end() {
        Wallet payer = open(() -> City.wallet("minji", 1_000));
        Wallet other = open(() -> City.wallet("junho", 1_000));
        settles(payer, other, 5);
        settles(other, payer, 4);

        try (Moment moment = Moment.take(pool)) {
            List<Object> whole = words(moment, 500, 0);
            assertEquals(whole, words(moment, 1, 0));
            assertEquals(whole, words(moment, 3, 0));
            Set<Object> recent = new HashSet<>(words(moment, 2, 1));
            assertTrue(whole.containsAll(recent));
            assertFalse(recent.isEmpty());
        }
    }

    @Test
    void what_differs_is_asked_for_again_before_it_counts() {
        List<List<String>> asked = new ArrayList<>();
        Map<String, Integer> differing = Comparison.notAs(
                Map.of("as booked", 1, "answered wrongly once", 1, "different", 1),
                keys -> {
                    asked.add(keys);
                    return keys.stream()
                            .map(key ->
                                    key.equals("different") || !key.equals("as booked") && asked.size() == 1 ? 2 : 1)
                            .toList();
                },
                Integer::equals);
        assertEquals(Map.of("different", 2), differing);
        assertEquals(List.of(3, 2), asked.stream().map(List::size).toList());
    }

    private static List<Object> words(Moment moment, int page, long from) {
        List<Object> words = new ArrayList<>();
        new Settled(moment, page).words(from, some -> {
            assertTrue(some.size() <= page, "no more than a page at once");
            words.addAll(some.entrySet());
        });
        assertEquals(words.size(), new HashSet<>(words).size());
        return words;
    }
}
