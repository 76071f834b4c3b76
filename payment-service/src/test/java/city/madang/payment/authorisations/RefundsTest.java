package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@PaymentTest
class RefundsTest {

    private static final String PATH = "/payment/authorisations/";

    private static String settled(Wallet payer, Api.Answer submitted) {
        String id = City.expect(201, submitted).json().getString("id");
        assertEquals("settled", City.finished(payer, id).getString("state"));
        return id;
    }

    @Test
    void refunds_raced_never_pay_back_more_than_was_paid() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho", 5_000);
        String payment = settled(payer, payer.submit(payer.pay(payee.account, 1_000, null)));
        List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add(Api.postAsync("/payment/authorisations", payee.token, payee.refund(payment, payer.account, 300)));
        }

        List<Api.Answer> answers = sent.stream().map(CompletableFuture::join).toList();

        List<Api.Answer> accepted =
                answers.stream().filter(a -> a.status() == 201).toList();
        assertEquals(3, accepted.size());
        assertTrue(
                answers.stream().allMatch(a -> a.status() == 201 || a.problem().equals("refund-exceeds-payment")));
        accepted.forEach(answer -> City.finished(payee, answer.json().getString("id")));
        assertEquals(900, payer.state().getLong("balance"));
        JsonObject found = Api.get(PATH + payment, payer.token).json();
        assertEquals(900, found.getLong("refunded"));
        settled(payee, payee.submit(payee.refund(payment, payer.account, 100)));
        assertEquals(
                "refund-exceeds-payment",
                payee.submit(payee.refund(payment, payer.account, 1)).problem());
        assertEquals(1_000, payer.state().getLong("balance"));

        JsonObject first =
                Api.get(PATH + payment + "/refunds?limit=3", payer.token).json();
        assertEquals(3, first.getJsonArray("items").size());
        JsonObject rest = Api.get(PATH + payment + "/refunds?limit=3&after=" + first.getString("next"), payee.token)
                .json();
        assertEquals(1, rest.getJsonArray("items").size());
        assertEquals(payment, rest.getJsonArray("items").getJsonObject(0).getString("refund_of"));
        assertEquals(
                404,
                Api.get(PATH + payment + "/refunds", TestTokens.client("transport"))
                        .status());
    }

    @Test
    void an_agency_pays_a_bill_back_from_an_account_whose_key_it_holds() {
        Wallet payer = City.wallet("minji", 1_000);
        JsonObject bill = City.bill("minji", 800);
        Wallet agency = City.agencyWallet("city-hall");
        City.fund(agency.account, 2_000);
        String payment =
                settled(payer, payer.submit(payer.pay(bill.getString("payee"), 800, bill.getString("bill_hash"))));

        String refund = settled(agency, agency.submit(agency.refund(payment, payer.account, 300)));

        assertEquals(500, payer.state().getLong("balance"));
        assertEquals(payment, Api.get(PATH + refund, payer.token).json().getString("refund_of"));
        assertEquals(
                "paid",
                Api.get("/payment/bills/" + bill.getString("id"), payer.token)
                        .json()
                        .getString("state"));
        Api.await(
                () -> Events.about(refund).stream()
                        .filter(told -> told.data().contains(payment))
                        .map(Events.Told::type)
                        .toList(),
                types -> types.equals(List.of("payment.accepted", "payment.settled")));
        Wallet other = City.agencyWallet("transport");
        City.fund(other.account, 2_000);
        assertEquals(
                "unknown-payment",
                other.submit(other.refund(payment, payer.account, 10)).problem());
    }

    @Test
    void a_refund_is_signed_as_one_of_this_payment_to_who_had_paid() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho", 5_000);
        Wallet accomplice = City.wallet("junho");
        String payment = settled(payer, payer.submit(payer.pay(payee.account, 100, null)));
        String other = settled(payer, payer.submit(payer.pay(payee.account, 100, null)));

        assertEquals(
                "refund-mismatch",
                payee.submit(payee.refund(payment, accomplice.account, 10)).problem());
        assertEquals(
                "refund-mismatch",
                payee.submit(payee.refund(payment, payer.account, 10).put("refund_of", other))
                        .problem());
        JsonObject plain = payee.signed(payee.pay(payer.account, 10, null)).put("refund_of", payment);
        assertEquals("refund-mismatch", payee.submit(plain).problem());
        assertEquals(
                "unknown-payment",
                payee.submit(payee.refund("0x" + "77".repeat(32), payer.account, 10))
                        .problem());
        // who paid can't refund itself out of the payee's pocket: the key decides
        assertEquals(
                "unknown-payment",
                payer.submit(payer.refund(payment, payee.account, 10)).problem());
        JsonObject stolen = payee.refund(payment, payer.account, 10);
        assertEquals(
                404, Api.post("/payment/authorisations", payer.token, stolen).status());
        JsonObject held = payee.refund(payment, payer.account, 10).put("hold_until", 2_000_000_000L);
        assertEquals(400, payee.submit(held).status());
        assertEquals(0, Api.get(PATH + payment, payer.token).json().getLong("refunded"));
    }

    @Test
    void what_has_not_settled_is_not_refunded() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho", 5_000);
        String hold = City.expect(201, payer.submit(payer.hold(payee.account, 100, null, 600)))
                .json()
                .getString("id");

        assertEquals(
                "not-settled",
                payee.submit(payee.refund(hold, payer.account, 10)).problem());
        Api.post(PATH + hold + "/void", payee.token, new JsonObject());
        assertEquals(
                "not-settled",
                payee.submit(payee.refund(hold, payer.account, 10)).problem());
    }

    @Test
    void a_refund_that_the_contract_refuses_can_be_made_again() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho", 5_000);
        String payment = settled(payer, payer.submit(payer.pay(payee.account, 100, null)));
        City.contract().freeze(City.sender("payment-operator"), new city.madang.contracts.Bytes32(payee.account));
        Api.Answer refused = payee.submit(payee.refund(payment, payer.account, 100));
        if (refused.status() == 201) {
            assertEquals(
                    "frozen",
                    City.finished(payee, refused.json().getString("id")).getString("reason"));
        }
        assertEquals(0, Api.get(PATH + payment, payer.token).json().getLong("refunded"));
        City.contract().unfreeze(City.sender("payment-operator"), new city.madang.contracts.Bytes32(payee.account));

        Api.Answer again = Api.await(
                () -> payee.submit(payee.refund(payment, payer.account, 100)), answer -> answer.status() == 201);

        assertEquals(
                "settled", City.finished(payee, again.json().getString("id")).getString("state"));
        assertEquals(100, Api.get(PATH + payment, payer.token).json().getLong("refunded"));
    }
}
