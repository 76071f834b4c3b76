package city.madang.payment.ledger;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@PaymentTest
class BooksTest {

    /** An id or a nonce that nothing has. */
    private static final String ANOTHER = "'0x" + "77".repeat(32) + "'";

    /**
     * Refused by this very guard, so that the test turns red without it even where another one refuses the same. Nothing stays of what is
     * not refused.
     */
    private static Executable refused(String guard, String sql) {
        return () -> {
            SQLException refusal =
                    assertThrows(SQLException.class, () -> City.execute("begin; " + sql + "; rollback"), guard);
            assertTrue(refusal.getSQLState().startsWith("23"), refusal.getMessage());
            assertTrue(String.valueOf(refusal.getMessage()).contains(guard), guard + ", but: " + refusal.getMessage());
        };
    }

    @Test
    void the_database_itself_refuses_what_would_break_the_books() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        JsonObject bill = City.bill("minji", 100);
        String id = payer.submit(payer.pay(bill.getString("payee"), 100, bill.getString("bill_hash")))
                .json()
                .getString("id");
        City.finished(payer, id);
        JsonObject inParts = City.partialBill("minji", 100);
        String part = payer.submit(payer.instalment(inParts, 60)).json().getString("id");
        City.finished(payer, part);
        String account = "update account set %s = -1 where id = '" + payer.account + "'";
        String transfer = "update transfer set %s where id = '" + id + "'";
        String mint = "update mint set %s where payee = '" + payer.account + "'";
        String bills = "update bill set %s where id = '" + bill.getString("id") + "'";

        assertAll(
                // nobody owes, and money neither appears nor vanishes
                refused("account_check2", account.formatted("available")),
                refused("account_held_check", account.formatted("held")),
                refused("what others refer to is never deleted", "delete from transfer where id = '" + id + "'"),
                refused(
                        "a transfer begins as accepted or held",
                        copy(
                                part,
                                Map.of(
                                        "id",
                                        ANOTHER,
                                        "nonce",
                                        ANOTHER,
                                        "amount",
                                        "1",
                                        "state",
                                        "'reversed'",
                                        "reason",
                                        "'x'",
                                        "finished",
                                        "now()"))),
                refused("a transfer does not change", transfer.formatted("accepted = accepted - interval '1 day'")),
                refused("a transfer does not change", transfer.formatted("finished = finished - interval '1 day'")),
                refused("what is booked is never changed", mint.formatted("amount = amount + 1")),
                refused("what is booked is never changed", mint.formatted("state = 'approved', settled = null")),
                refused(
                        "what others refer to is never deleted",
                        "delete from mint where payee = '" + payer.account + "'"),
                refused("treasury_check", "update treasury set committed = reserve + 1"),
                // nothing is booked of what is not there, and nothing goes that others refer to
                refused("a transfer is between accounts", copy(id, noBill("payee"))),
                refused("a transfer is between accounts", copy(id, noBill("payer"))),
                refused(
                        "what others refer to is never deleted",
                        "delete from account where id = '" + payee.account + "'"),
                // a payment takes effect once, and ends once
                refused("a transfer does not change", transfer.formatted("amount = 1")),
                refused(
                        "a transfer does not change",
                        transfer.formatted("state = 'held', captures_before = valid_before - 1")),
                refused(
                        "a transfer does not change",
                        transfer.formatted(
                                "state = 'accepted', finished = null, transaction_hash = null, block_number = null")),
                refused("transfer_pkey", copy(id, Map.of("nonce", ANOTHER))),
                refused("transfer_payer_nonce_key", copy(id, Map.of("id", ANOTHER))),
                // a bill is paid once, in parts too, and no more comes back than was paid
                refused("transfer_of_bill", copy(id, Map.of("id", ANOTHER, "nonce", ANOTHER, "amount", "1"))),
                refused("bill_paid_at_most_once", copy(part, Map.of("id", ANOTHER, "nonce", ANOTHER, "amount", "41"))),
                refused("bill_paid_at_most_once", bills.formatted("reserved = amount + 1")),
                refused("bill_paid_at_most_once", bills.formatted("settled = amount + 1")),
                refused("bill_cancelled_unpaid", bills.formatted("cancelled = now()")),
                refused("transfer_refunded", transfer.formatted("refunded = amount + 1")),
                refused("transfer_refunded", transfer.formatted("refunded = -1")));
        assertEquals(840, payer.state().getLong("balance"));
    }

    /**
     * A further row like that of a payment.
     *
     * @param changed columns that are not as there, with what is in them
     */
    private static String copy(String id, Map<String, String> changed) {
        List<String> columns = List.of(
                "id",
                "payer",
                "key_version",
                "payee",
                "amount",
                "bill_hash",
                "bill",
                "instalment",
                "nonce",
                "valid_after",
                "valid_before",
                "signature");
        List<String> all = Stream.concat(columns.stream(), changed.keySet().stream())
                .distinct()
                .toList();
        String values =
                all.stream().map(column -> changed.getOrDefault(column, column)).collect(Collectors.joining(", "));
        return "insert into transfer (" + String.join(", ", all) + ") select " + values + " from transfer where id = '"
                + id + "'";
    }

    /** What another payment of one won has that pays no bill, and of which this account is not there. */
    private static Map<String, String> noBill(String missing) {
        return Map.of(
                "id",
                ANOTHER,
                "nonce",
                ANOTHER,
                "amount",
                "1",
                "bill",
                "null",
                "bill_hash",
                "'0x" + "0".repeat(64) + "'",
                missing,
                ANOTHER);
    }

    @Test
    void whatever_is_submitted_every_entry_sums_to_zero_and_no_money_appears_or_vanishes() {
        long seed = 20261122;
        Random random = new Random(seed);
        List<Wallet> wallets = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            wallets.add(City.wallet(i % 2 == 0 ? "minji" : "junho", 2_000));
        }
        List<JsonObject> earlier = new ArrayList<>();
        List<Wallet> senders = new ArrayList<>();
        for (int round = 0; round < 12; round++) {
            List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                Wallet payer = wallets.get(random.nextInt(wallets.size()));
                Wallet payee = wallets.get(random.nextInt(wallets.size()));
                JsonObject body = payer.signed(payer.pay(payee.account, 1 + random.nextInt(900), null));
                int kind = random.nextInt(10);
                if (kind == 0 && !earlier.isEmpty()) {
                    int again = random.nextInt(earlier.size());
                    body = earlier.get(again);
                    payer = senders.get(again);
                } else if (kind == 1) {
                    body.put("amount", body.getLong("amount") + 1);
                }
                earlier.add(body);
                senders.add(payer);
                sent.add(Api.postAsync("/payment/authorisations", payer.token, body));
            }
            sent.forEach(answer -> assertTrue(
                    List.of(200, 201, 409, 422).contains(answer.join().status())));
            assertTrue(wallets.stream().allMatch(wallet -> wallet.state().getLong("available") >= 0));
        }
        Api.await(() -> City.number("select count(*) from transfer where state = 'accepted'"), left -> left == 0);

        assertEquals(
                0,
                City.number(
                        "select count(*) from (select entry from booking group by entry having sum(amount) <> 0) unbalanced"));
        assertEquals(
                0,
                City.number(
                        "select count(*) from account a where row(available, held) is distinct from"
                                + " (select row(coalesce(sum(amount) filter (where bucket = 'available'), 0)::bigint,"
                                + " coalesce(sum(amount) filter (where bucket = 'held'), 0)::bigint) from booking where account = a.id)"));
        assertEquals(0, City.number("select sum(available + held) from account"));
        assertEquals(
                10_000,
                wallets.stream().mapToLong(w -> w.state().getLong("balance")).sum(),
                "seed " + seed);
        for (Wallet wallet : wallets) {
            assertEquals(
                    wallet.state().getLong("balance"),
                    City.contract()
                            .account(new Bytes32(wallet.account))
                            .orElseThrow()
                            .balance());
        }
    }
}
