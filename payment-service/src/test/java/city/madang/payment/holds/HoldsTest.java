package city.madang.payment.holds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.authorisations.Events;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@PaymentTest
class HoldsTest {

    private static final String PATH = "/payment/authorisations/";
    private static final JsonObject NOTHING = new JsonObject();

    private static String held(Wallet payer, JsonObject hold) {
        JsonObject answer = City.expect(201, payer.submit(hold)).json();
        assertEquals("held", answer.getString("state"));
        return answer.getString("id");
    }

    private static Api.Answer capture(Wallet payee, String id, long amount) {
        return Api.post(PATH + id + "/capture", payee.token, payee.capture(id, amount));
    }

    private static Api.Answer giveUp(Wallet payee, String id) {
        return Api.post(PATH + id + "/void", payee.token, NOTHING);
    }

    private static List<String> told(String id, int count) {
        return Api.await(() -> Events.about(id), told -> told.size() >= count).stream()
                .map(Events.Told::type)
                .toList();
    }

    @Test
    void what_is_held_is_not_available_and_settles_once_it_is_captured() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        JsonObject body = payer.hold(payee.account, 700, null, 600);
        String id = held(payer, body);

        assertEquals(300, payer.state().getLong("available"));
        assertEquals(1_000, payer.state().getLong("balance"));
        assertEquals(
                "insufficient-funds",
                payer.submit(payer.pay(payee.account, 301, null)).problem());
        Api.Answer again = payer.submit(body);
        assertEquals(200, again.status());
        assertTrue(again.replayed());
        assertEquals("held", again.json().getString("state"));
        // what was signed as a hold is no payment at once
        JsonObject atOnce = body.copy();
        atOnce.remove("hold_until");
        atOnce.remove("capturer");
        assertEquals("bad-signature", payer.submit(atOnce).problem());
        assertEquals(404, capture(payer, id, 700).status());
        assertEquals(
                404,
                Api.post(PATH + id + "/capture", TestTokens.client("transport"), payee.capture(id, 700))
                        .status());

        Api.Answer captured = capture(payee, id, 700);

        assertEquals(200, captured.status(), captured.toString());
        assertTrue(!captured.replayed());
        assertTrue(List.of("accepted", "settled").contains(captured.json().getString("state")));
        assertTrue(capture(payee, id, 700).replayed());
        JsonObject settled = City.finished(payer, id);
        assertEquals("settled", settled.getString("state"));
        assertEquals(300, payer.state().getLong("balance"));
        assertEquals(700, payee.state().getLong("balance"));
        assertEquals("not-held", giveUp(payee, id).problem());
        assertTrue(capture(payee, id, 700).replayed());
        assertEquals("not-held", capture(payee, id, 699).problem());
        assertEquals(List.of("payment.held", "payment.accepted", "payment.settled"), told(id, 3));
    }

    @Test
    void of_a_hold_a_part_is_taken_and_the_rest_is_the_payers_again() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        String id = held(payer, payer.hold(payee.account, 800, null, 600));

        JsonObject captured = City.expect(200, capture(payee, id, 300)).json();

        assertEquals(800, captured.getLong("amount"));
        assertEquals(300, captured.getLong("captured_amount"));
        JsonObject settled = City.finished(payer, id);
        assertEquals("settled", settled.getString("state"));
        assertEquals(700, payer.state().getLong("available"));
        assertEquals(700, payer.state().getLong("balance"));
        assertEquals(300, payee.state().getLong("balance"));
        assertEquals(
                700,
                City.contract()
                        .account(new Bytes32(payer.account))
                        .orElseThrow()
                        .balance());
        assertEquals(
                300,
                Api.get("/payment/accounts/" + payer.account + "/history", payer.token)
                        .json()
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getLong("amount"));
        // what is paid back is within what was taken
        assertEquals(
                "refund-exceeds-payment",
                payee.submit(payee.refund(id, payer.account, 301)).problem());
        assertEquals(201, payee.submit(payee.refund(id, payer.account, 300)).status());
        // and no more is ever taken, in the database either
        assertEquals("not-held", capture(payee, id, 301).problem());
        assertThrows(
                SQLException.class,
                () -> City.execute("update transfer set captured_amount = 400 where id = '" + id + "'"));
    }

    @Test
    void more_than_is_held_or_what_the_capturers_key_has_not_signed_is_not_taken() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        Wallet another = City.wallet("junho");
        String id = held(payer, payer.hold(payee.account, 500, null, 600));
        String other = held(payer, payer.hold(payee.account, 400, null, 600));

        assertEquals("above-hold", capture(payee, id, 501).problem());
        assertEquals(400, capture(payee, id, 0).status());
        JsonObject signed = payee.capture(id, 100);
        assertEquals(
                "bad-signature",
                Api.post(PATH + id + "/capture", payee.token, signed.copy().put("amount", 101))
                        .problem());
        assertEquals(
                "bad-signature",
                Api.post(PATH + other + "/capture", payee.token, signed).problem());
        assertEquals(
                "wrong-key-version",
                Api.post(PATH + id + "/capture", payee.token, signed.copy().put("key_version", 2))
                        .problem());
        // another account of the same owner is not the one that the payer named
        assertEquals("bad-signature", capture(another, id, 100).problem());
        assertEquals("held", Api.get(PATH + id, payer.token).json().getString("state"));
        assertThrows(
                SQLException.class,
                () -> City.execute("update transfer set state = 'accepted', captured = now(), captured_amount = 501,"
                        + " capture_key_version = 1, capture_signature = signature where id = '" + id + "'"));
        assertThrows(
                SQLException.class,
                () -> City.execute("update transfer set state = 'accepted', captured = now() where id = '" + id + "'"));
        // whoever captures belongs to whom it is for
        assertEquals(
                "unknown-capturer",
                payer.submit(payer.hold(payee.account, payer.account, 10, null, 600))
                        .problem());
        JsonObject nobody = payer.hold(payee.account, 10, null, 600);
        nobody.remove("capturer");
        assertEquals(400, payer.submit(nobody).status());
    }

    @Test
    void an_agencys_account_without_a_key_receives_what_its_other_key_captures() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet cashier = City.agencyWallet("city-hall");
        JsonObject bill = City.bill("minji", 600);
        String payee = bill.getString("payee");
        assertEquals(
                "unknown-capturer",
                payer.submit(payer.hold(payee, 600, bill.getString("bill_hash"), 600))
                        .problem());
        String id = held(payer, payer.hold(payee, cashier.account, 600, bill.getString("bill_hash"), 600));

        // a bill is not paid by less than it asks
        assertEquals("captured-whole", capture(cashier, id, 599).problem());
        City.expect(200, capture(cashier, id, 600));

        assertEquals("settled", City.finished(payer, id).getString("state"));
        assertEquals(
                "paid",
                Api.await(
                                () -> Api.get("/payment/bills/" + bill.getString("id"), payer.token)
                                        .json(),
                                found -> !found.getString("state").equals("paying"))
                        .getString("state"));
        assertEquals(0, cashier.state().getLong("balance"));
    }

    @Test
    void a_hold_that_its_payee_gives_up_is_the_payers_money_again() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        String id = held(payer, payer.hold(payee.account, 700, null, 600));
        assertEquals(404, giveUp(payer, id).status());

        assertEquals(200, giveUp(payee, id).status());

        assertEquals(1_000, payer.state().getLong("available"));
        JsonObject found = Api.get(PATH + id, payer.token).json();
        assertEquals("reversed", found.getString("state"));
        assertEquals("voided", found.getString("reason"));
        assertTrue(giveUp(payee, id).replayed());
        assertEquals("not-held", capture(payee, id, 700).problem());
        assertEquals(1, City.booked("reversal", id));
        assertEquals(List.of("payment.held", "payment.reversed"), told(id, 2));
    }

    @Test
    void a_hold_that_nobody_captures_ends_by_itself_and_its_bill_can_be_paid() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet cashier = City.agencyWallet("city-hall");
        JsonObject bill = City.bill("minji", 600);
        String id =
                held(payer, payer.hold(bill.getString("payee"), cashier.account, 600, bill.getString("bill_hash"), 2));
        assertEquals(
                "bill-already-paid",
                payer.submit(payer.pay(bill.getString("payee"), 600, bill.getString("bill_hash")))
                        .problem());
        assertEquals(
                "paying",
                Api.get("/payment/bills/" + bill.getString("id"), payer.token)
                        .json()
                        .getString("state"));

        JsonObject ended = Api.await(() -> Api.get(PATH + id, payer.token).json(), found -> !found.getString("state")
                .equals("held"));

        assertEquals("reversed", ended.getString("state"));
        assertEquals("hold-expired", ended.getString("reason"));
        assertEquals(1_000, payer.state().getLong("available"));
        Api.Answer late = capture(cashier, id, 600);
        assertEquals(409, late.status());
        assertEquals("not-held", late.problem());
        String paid = City.expect(
                        201, payer.submit(payer.pay(bill.getString("payee"), 600, bill.getString("bill_hash"))))
                .json()
                .getString("id");
        assertEquals("settled", City.finished(payer, paid).getString("state"));
    }

    @Test
    void captured_voided_or_expired_a_hold_ends_in_one_way_whoever_races() throws Exception {
        Wallet payer = City.wallet("minji", 10_000);
        Wallet payee = City.wallet("junho");
        long captured = 0;
        for (int round = 0; round < 8; round++) {
            boolean aboutToEnd = round % 2 == 1;
            JsonObject hold = payer.hold(payee.account, 100, null, aboutToEnd ? 4 : 600);
            String id = held(payer, hold);
            if (aboutToEnd) {
                Thread.sleep(Math.max(0, 1_000 * hold.getLong("hold_until") - 20 - System.currentTimeMillis()));
            }
            List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                boolean captures = i % 2 == round / 2 % 2;
                sent.add(Api.postAsync(
                        PATH + id + (captures ? "/capture" : "/void"),
                        payee.token,
                        captures ? payee.capture(id, 60) : NOTHING));
            }
            List<Api.Answer> answers =
                    sent.stream().map(CompletableFuture::join).toList();

            assertTrue(answers.stream()
                    .allMatch(a -> a.status() == 200 || a.problem().equals("not-held")));
            JsonObject ended =
                    Api.await(() -> Api.get(PATH + id, payer.token).json(), found -> List.of("settled", "reversed")
                            .contains(found.getString("state")));
            long first = answers.stream()
                    .filter(a -> a.status() == 200 && !a.replayed())
                    .count();
            assertTrue(first == 1 || first == 0 && "hold-expired".equals(ended.getString("reason")), ended.encode());
            captured += ended.getString("state").equals("settled") ? 1 : 0;
            assertEquals(1, City.booked("settlement", id) + City.booked("reversal", id));
        }
        assertEquals(10_000 - 60 * captured, payer.state().getLong("available"));
        assertEquals(60 * captured, payee.state().getLong("balance"));
    }

    @Test
    void holds_and_payments_together_never_exceed_the_balance() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            JsonObject body = i % 2 == 0
                    ? payer.hold(payee.account, 300, null, 600)
                    : payer.signed(payer.pay(payee.account, 300, null));
            sent.add(Api.postAsync("/payment/authorisations", payer.token, body));
        }

        List<Api.Answer> answers = sent.stream().map(CompletableFuture::join).toList();

        assertEquals(3, answers.stream().filter(a -> a.status() == 201).count());
        assertTrue(
                answers.stream().allMatch(a -> a.status() == 201 || a.problem().equals("insufficient-funds")));
        assertEquals(100, payer.state().getLong("available"));
    }

    @Test
    void a_hold_never_outlives_what_its_payer_signed() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");

        assertEquals(
                "hold-too-long",
                payer.submit(payer.hold(payee.account, 1, null, 3_590)).problem());
        assertEquals(
                "hold-too-long",
                payer.submit(payer.hold(payee.account, 1, null, -1)).problem());
        assertEquals(
                400,
                payer.submit(payer.hold(payee.account, 1, null, 60).put("hold_until", -5))
                        .status());
        assertEquals(1_000, payer.state().getLong("available"));
    }

    @Test
    void a_frozen_payers_hold_waits_and_is_captured_when_it_may_pay_again() throws Exception {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        String id = held(payer, payer.hold(payee.account, 10, null, 600));
        City.contract().freeze(City.sender("payment-operator"), new Bytes32(payer.account));
        Api.await(
                () -> City.number("select count(*) from account where frozen and id = '" + payer.account + "'"),
                count -> count == 1);

        assertEquals("frozen", capture(payee, id, 10).problem());
        assertEquals("held", Api.get(PATH + id, payee.token).json().getString("state"));

        City.contract().unfreeze(City.sender("payment-operator"), new Bytes32(payer.account));
        Api.await(() -> capture(payee, id, 10), answer -> answer.status() == 200);
        assertEquals("settled", City.finished(payer, id).getString("state"));
    }
}
