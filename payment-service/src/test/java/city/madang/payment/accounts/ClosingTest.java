package city.madang.payment.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

@PaymentTest
class ClosingTest {

    private static Api.Answer close(Wallet wallet, String token) {
        return Api.post("/payment/accounts/" + wallet.account + "/closing", token, new JsonObject());
    }

    private static void open(Wallet wallet) {
        Api.await(() -> wallet.state().getString("state"), "open"::equals);
    }

    @Test
    void an_account_with_money_or_a_payment_on_its_way_is_not_closed_and_a_closed_one_receives_nothing() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        open(payee);
        String held = City.expect(201, payer.submit(payer.hold(payee.account, 10, null, 600)))
                .json()
                .getString("id");
        assertEquals("account-in-use", close(payer, payer.token).problem());
        assertEquals("account-in-use", close(payee, payee.token).problem());
        assertEquals(404, close(payee, payer.token).status());
        Api.post("/payment/authorisations/" + held + "/void", payee.token, new JsonObject());

        Api.Answer closed = close(payee, payee.token);

        assertEquals(200, closed.status(), closed.toString());
        assertEquals("closed", closed.json().getString("state"));
        assertEquals(200, close(payee, payee.token).status());
        assertEquals(
                "unknown-payee", payer.submit(payer.pay(payee.account, 1, null)).problem());
    }

    @Test
    void closed_or_paid_into_whichever_comes_first_and_never_both() {
        Wallet payer = City.wallet("minji", 1_000);
        for (int round = 0; round < 6; round++) {
            Wallet payee = City.wallet("junho");
            open(payee);
            var paying = Api.postAsync(
                    "/payment/authorisations", payer.token, payer.signed(payer.pay(payee.account, 1, null)));
            Api.Answer closing = close(payee, payee.token);
            boolean accepted = paying.join().status() == 201;

            assertEquals(accepted ? 409 : 200, closing.status(), closing.toString());
        }
    }
}
