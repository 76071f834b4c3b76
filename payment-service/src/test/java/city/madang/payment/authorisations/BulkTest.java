package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

@PaymentTest
class BulkTest {

    private static Api.Answer send(String token, List<String> lines) {
        return Api.send(Api.request("/payment/authorisations/bulk", token)
                .header("content-type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("\n", lines)))
                .build());
    }

    private static List<JsonObject> lines(Api.Answer answer) {
        assertEquals(200, answer.status(), answer.toString());
        return answer.body().lines().map(JsonObject::new).toList();
    }

    private static List<Integer> statuses(List<JsonObject> lines) {
        return lines.stream().map(line -> line.getInteger("status")).toList();
    }

    @Test
    void one_bad_line_fails_none_of_its_neighbours_and_each_has_its_answer_in_order() {
        Wallet payer = City.wallet("minji", 100);
        Wallet other = City.wallet("junho");
        JsonObject first = payer.signed(payer.pay(other.account, 60, null));
        JsonObject tooMuch = payer.signed(payer.pay(other.account, 41, null));
        JsonObject altered = payer.signed(payer.pay(other.account, 1, null)).put("amount", 2);
        JsonObject last = payer.signed(payer.pay(other.account, 40, null));
        List<String> lines = List.of(
                first.encode(),
                "{",
                tooMuch.encode(),
                altered.encode(),
                "",
                first.copy().put("surplus", 1).encode(),
                other.signed(other.pay(payer.account, 1, null)).encode(),
                first.encode(),
                last.encode());

        List<JsonObject> answers = lines(send(payer.token, lines));

        assertEquals(List.of(201, 400, 409, 422, 400, 404, 200, 201), statuses(answers));
        assertEquals("urn:madang:problem:insufficient-funds", answers.get(2).getString("type"));
        assertEquals("urn:madang:problem:bad-signature", answers.get(3).getString("type"));
        assertTrue(answers.get(6).getBoolean("replayed"));
        assertEquals(answers.get(0).getString("id"), answers.get(6).getString("id"));
        assertEquals(0, payer.state().getLong("available"));
        assertEquals(2, City.number("select count(*) from transfer where payer = '" + payer.account + "'"));

        assertEquals(List.of(200, 200), statuses(lines(send(payer.token, List.of(first.encode(), last.encode())))));
        assertEquals(2, City.number("select count(*) from transfer where payer = '" + payer.account + "'"));
    }

    @Test
    void a_request_has_a_bounded_number_of_lines() {
        Wallet payer = City.wallet("minji");
        assertEquals(400, send(payer.token, Collections.nCopies(501, "{}")).status());
        assertEquals(400, send(payer.token, List.of("", " ")).status());
        List<String> most = new ArrayList<>(Collections.nCopies(500, "{}"));
        assertEquals(Collections.nCopies(500, 400), statuses(lines(send(payer.token, most))));
    }
}
