package city.madang.payment.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@PaymentTest
class LimitsTest {

    private static Api.Answer set(Wallet wallet, Long perPayment, Long perDay) {
        return Api.put(
                "/payment/accounts/" + wallet.account + "/limits",
                wallet.token,
                new JsonObject().put("per_payment", perPayment).put("per_day", perDay));
    }

    @Test
    void a_payment_and_a_day_are_limited_also_when_many_come_at_once() {
        Wallet payer = City.wallet("minji", 10_000);
        Wallet payee = City.wallet("junho");
        assertEquals(200, set(payer, 300L, 1_000L).status());

        assertEquals(
                "above-payment-limit",
                payer.submit(payer.pay(payee.account, 301, null)).problem());
        List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add(Api.postAsync(
                    "/payment/authorisations",
                    payer.token,
                    i % 2 == 0
                            ? payer.signed(payer.pay(payee.account, 300, null))
                            : payer.hold(payee.account, 300, null, 600)));
        }
        List<Api.Answer> answers = sent.stream().map(CompletableFuture::join).toList();

        assertEquals(3, answers.stream().filter(a -> a.status() == 201).count());
        assertEquals(
                17,
                answers.stream()
                        .filter(a -> a.status() == 409 && a.problem().equals("above-day-limit"))
                        .count());
        assertEquals(201, payer.submit(payer.pay(payee.account, 100, null)).status());
        assertEquals(
                "above-day-limit",
                payer.submit(payer.pay(payee.account, 1, null)).problem());
    }

    @Test
    void a_lower_limit_counts_at_once_and_a_higher_one_a_day_later() {
        Wallet payer = City.wallet("minji", 10_000);
        Wallet payee = City.wallet("junho");
        set(payer, 100L, null);

        JsonObject plan = set(payer, 500L, 2_000L).json();

        assertEquals(100, plan.getJsonObject("now").getLong("per_payment"));
        assertEquals(2_000, plan.getJsonObject("now").getLong("per_day"));
        assertEquals(500, plan.getJsonObject("next").getLong("per_payment"));
        Instant from = Instant.parse(plan.getString("from"));
        assertEquals(
                24,
                java.time.Duration.between(Instant.now(), from.plusSeconds(60)).toHours());
        assertEquals(
                "above-payment-limit",
                payer.submit(payer.pay(payee.account, 101, null)).problem());
        assertEquals(50, set(payer, 50L, null).json().getJsonObject("now").getLong("per_payment"));
        assertEquals(
                "above-payment-limit",
                payer.submit(payer.pay(payee.account, 51, null)).problem());
        // a day later, as far as the database can tell
        try {
            City.execute("update account set next_limits_from = now() where id = '" + payer.account + "'");
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
        assertEquals(
                "above-payment-limit",
                payer.submit(payer.pay(payee.account, 51, null)).problem());
        JsonObject now = Api.get("/payment/accounts/" + payer.account + "/limits", payer.token)
                .json();
        assertEquals(50, now.getJsonObject("now").getLong("per_payment"));
        assertNull(now.getJsonObject("now").getLong("per_day"));
        assertEquals(
                404,
                Api.get("/payment/accounts/" + payer.account + "/limits", TestTokens.user("junho"))
                        .status());
        assertEquals(400, set(payer, -1L, null).status());
    }
}
