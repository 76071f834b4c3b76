package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.PayAuthorisation;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a client may send again, and what it may take back before it is accepted. */
@PaymentTest
class RepetitionTest {

    private static final String PATH = "/payment/authorisations";

    private static String key() {
        return "\"" + UUID.randomUUID() + "\"";
    }

    private static Api.Answer cancel(String token, String account, Object nonce) {
        return Api.put("/payment/accounts/" + account + "/cancelled-nonces/" + nonce, token, new JsonObject());
    }

    @Test
    void a_payment_signed_anew_under_the_same_key_is_not_paid_twice() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        String key = key();
        JsonObject first = payer.signed(payer.pay(payee.account, 100, null));
        assertEquals(201, Api.post(PATH, payer.token, first, key).status());

        Api.Answer anew = Api.post(PATH, payer.token, payer.signed(payer.pay(payee.account, 100, null)), key);
        Api.Answer again = Api.post(PATH, payer.token, first, key);
        Api.Answer without = Api.post(PATH, payer.token, first);

        assertEquals(422, anew.status());
        assertEquals("idempotency-key-reused", anew.problem());
        assertTrue(again.replayed());
        assertTrue(without.replayed());
        assertEquals(900, payer.state().getLong("available"));
        // another account's key of the same text is its own
        Wallet other = City.wallet("minji", 1_000);
        assertEquals(
                201,
                Api.post(PATH, other.token, other.signed(other.pay(payee.account, 1, null)), key)
                        .status());
        for (String bad : new String[] {"bare", "\"\"", "\"" + "x".repeat(65) + "\"", "\"tab\tinside\"", "\"a\"b\""}) {
            assertEquals(
                    "invalid-idempotency-key",
                    Api.post(PATH, payer.token, first, bad).problem(),
                    bad);
        }
    }

    @Test
    void what_its_payer_cancelled_is_never_accepted() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        PayAuthorisation pay = payer.pay(payee.account, 100, null);

        assertEquals(204, cancel(payer.token, payer.account, pay.nonce()).status());
        assertEquals(204, cancel(payer.token, payer.account, pay.nonce()).status());

        assertEquals("nonce-used", payer.submit(pay).problem());
        assertEquals(1_000, payer.state().getLong("available"));
        assertEquals(404, cancel(TestTokens.user("junho"), payer.account, 77).status());
        PayAuthorisation other = payer.pay(payee.account, 100, null);
        assertEquals(201, payer.submit(other).status());
        assertEquals(
                "nonce-used", cancel(payer.token, payer.account, other.nonce()).problem());
        assertEquals(400, cancel(payer.token, payer.account, "9".repeat(78)).status());
        assertEquals(400, cancel(payer.token, payer.account, "-1").status());
    }

    @Test
    void cancelled_or_accepted_whichever_comes_first_and_never_both() {
        Wallet payer = City.wallet("minji", 10_000);
        Wallet payee = City.wallet("junho");
        int accepted = 0;
        for (int round = 0; round < 12; round++) {
            PayAuthorisation pay = payer.pay(payee.account, 10, null);
            var submitting = Api.postAsync(PATH, payer.token, payer.signed(pay));
            Api.Answer cancelling = cancel(payer.token, payer.account, pay.nonce());
            boolean taken = submitting.join().status() == 201;

            assertEquals(taken ? 409 : 204, cancelling.status(), cancelling.toString());
            accepted += taken ? 1 : 0;
        }
        assertEquals(10_000 - 10L * accepted, payer.state().getLong("available"));
    }

    @Test
    void each_fault_of_an_amount_has_a_problem_type_of_its_own() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        JsonObject good = payer.signed(payer.pay(payee.account, 5, null));
        Map.of(
                        good.copy().put("amount", 0), "zero-amount",
                        good.copy().put("amount", -5), "negative-amount",
                        good.copy().put("amount", 1_000_000_000_001L), "amount-too-large",
                        good.copy().put("currency", "USD"), "foreign-currency",
                        payer.signed(payer.pay(payer.account, 5, null)), "self-payment")
                .forEach((body, type) -> {
                    Api.Answer answer = Api.post(PATH, payer.token, body);
                    assertEquals(422, answer.status(), answer.toString());
                    assertEquals(type, answer.problem());
                });
        String beyondLong = good.encode().replace("\"amount\":5", "\"amount\":18446744073709551621");
        assertEquals(
                "amount-too-large",
                Api.send(Api.posting(PATH, payer.token, beyondLong)).problem());
        assertEquals(
                201, Api.post(PATH, payer.token, good.put("currency", "KRW")).status());
        assertEquals(995, payer.state().getLong("available"));
    }
}
