package city.madang.payment.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@PaymentTest
class HistoryTest {

    @Test
    void every_payment_is_on_one_page_and_only_one_newest_first_while_more_arrive() {
        Wallet one = City.wallet("minji", 10_000);
        Wallet other = City.wallet("junho", 10_000);
        // many in the same instant
        List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            sent.add(Api.postAsync("/payment/authorisations", one.token, one.signed(one.pay(other.account, i, null))));
        }
        sent.forEach(CompletableFuture::join);
        for (int i = 13; i <= 17; i++) {
            City.expect(201, other.submit(other.pay(one.account, i, null)));
        }
        String path = "/payment/accounts/" + one.account + "/history?limit=5";

        List<JsonObject> found = new ArrayList<>();
        String next = "";
        do {
            JsonObject page = Api.get(path + next, one.token).json();
            JsonArray items = page.getJsonArray("items");
            IntStream.range(0, items.size()).forEach(i -> found.add(items.getJsonObject(i)));
            City.expect(201, one.submit(one.pay(other.account, 1_000, null)));
            next = page.getString("next") == null ? null : "&after=" + page.getString("next");
        } while (next != null);

        assertEquals(
                IntStream.rangeClosed(1, 17).boxed().toList(),
                found.stream().map(item -> item.getInteger("amount")).sorted().toList());
        assertEquals(
                List.of(17, 16, 15, 14, 13),
                found.subList(0, 5).stream()
                        .map(item -> item.getInteger("amount"))
                        .toList());
        assertEquals("in", found.getFirst().getString("direction"));
        assertEquals("out", found.getLast().getString("direction"));
        assertEquals(other.account, found.getLast().getString("counterpart"));
        assertNull(found.getFirst().getString("bill"));
        assertEquals(404, Api.get(path, TestTokens.user("junho")).status());
        for (String bad : List.of("1", "1.x", "-1.1", "9999999999999999999.1", "1." + "9".repeat(30))) {
            assertEquals(400, Api.get(path + "&after=" + bad, one.token).status(), bad);
        }
        assertEquals(
                200,
                Api.get(path + "&after=" + "9".repeat(18) + ".1", one.token).status());
        assertEquals(
                400,
                Api.get("/payment/accounts/" + one.account + "/history?limit=201", one.token)
                        .status());
    }
}
