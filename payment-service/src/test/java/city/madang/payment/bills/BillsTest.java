package city.madang.payment.bills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.authorisations.Events;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@PaymentTest
class BillsTest {

    @Test
    void the_fee_of_an_application_is_billed_once_to_the_applicant() {
        City.agency("transport");
        String application = UUID.randomUUID().toString();
        JsonObject submitted = new JsonObject()
                .put("application", application)
                .put("service", "resident-parking")
                .put("agency", "transport")
                .put("applicant", TestTokens.subject("junho"))
                .put(
                        "fee",
                        new JsonObject()
                                .put("amount", 12_000)
                                .put("currency", "KRW")
                                .put(
                                        "title",
                                        new JsonObject().put("ko", "주차 허가").put("en", "Parking permit")))
                .put("handover_key", new JsonObject());
        UUID event = UUID.randomUUID();
        for (int i = 0; i < 3; i++) {
            City.send("madang.records", "/records-service", "application.submitted", application, submitted, event);
        }

        String id = Api.await(
                        () -> City.query("select id from bill where application = '" + application + "'"),
                        found -> !found.isEmpty())
                .getFirst();
        JsonObject bill =
                Api.get("/payment/bills/" + id, TestTokens.user("junho")).json();
        assertEquals(12_000, bill.getLong("amount"));
        assertEquals(application, bill.getString("application"));
        assertEquals("open", bill.getString("state"));
        assertEquals(
                BillHash.of(new Bytes32(bill.getString("salt")), UUID.fromString(id), 12_000, bill.getString("payee"))
                        .hex(),
                bill.getString("bill_hash"));
        assertEquals(
                404, Api.get("/payment/bills/" + id, TestTokens.user("minji")).status());
        assertEquals(
                404,
                Api.get("/payment/bills/" + id, TestTokens.client("city-hall")).status());
        assertEquals(
                200,
                Api.get("/payment/bills/" + id, TestTokens.client("transport")).status());
        assertEquals(1, City.number("select count(*) from bill where application = '" + application + "'"));
    }

    @Test
    void bad_bills_are_refused_and_change_nothing() {
        City.agency("city-hall");
        long before = City.number("select count(*) from bill");
        JsonObject good = new JsonObject()
                .put("debtor", TestTokens.subject("minji"))
                .put("amount", 5)
                .put("title", new JsonObject().put("ko", "가").put("en", "a"));
        for (JsonObject bad : List.of(
                good.copy().put("amount", "5"),
                good.copy().put("amount", 5.5),
                good.copy().put("debtor", "minji"),
                good.copy().put("title", "Fee"),
                good.copy()
                        .put(
                                "title",
                                new JsonObject().put("ko", "x".repeat(201)).put("en", "a")),
                good.copy().put("title", new JsonObject().put("ko", "a\u0000b").put("en", "a")),
                good.copy().put("due_at", "tomorrow"),
                good.copy().put("due_at", "+1000000-01-01T00:00:00Z"),
                good.copy().put("state", "paid"))) {
            Api.Answer answer = Api.post("/payment/bills", TestTokens.client("city-hall"), bad);
            assertEquals(400, answer.status(), bad.encode() + answer);
            assertTrue(answer.isProblem(), bad.encode() + answer);
        }
        assertEquals(before, City.number("select count(*) from bill"));
    }

    private static final String PATH = "/payment/bills";

    private static Api.Answer cancel(JsonObject bill) {
        return Api.post(
                PATH + "/" + bill.getString("id") + "/cancellation", TestTokens.client("city-hall"), new JsonObject());
    }

    private static JsonObject read(JsonObject bill) {
        return Api.get(PATH + "/" + bill.getString("id"), TestTokens.client("city-hall"))
                .json();
    }

    @Test
    void each_fault_of_an_amount_has_a_problem_type_of_its_own() {
        City.agency("city-hall");
        JsonObject good = City.claim("minji", 5);
        Map<JsonObject, String> faults = Map.of(
                good.copy().put("amount", 0), "zero-amount",
                good.copy().put("amount", -1), "negative-amount",
                good.copy().put("amount", 1_000_000_000_001L), "amount-too-large",
                good.copy().put("currency", "USD"), "foreign-currency");

        faults.forEach((bad, type) -> {
            Api.Answer answer = Api.post(PATH, TestTokens.client("city-hall"), bad);
            assertEquals(422, answer.status(), bad.encode() + answer);
            assertEquals(type, answer.problem());
        });
        String beyondLong = good.encode().replace("\"amount\":5", "\"amount\":92233720368547758080");
        assertEquals(
                "amount-too-large",
                Api.send(Api.posting(PATH, TestTokens.client("city-hall"), beyondLong))
                        .problem());
        assertEquals(
                201,
                Api.post(PATH, TestTokens.client("city-hall"), good.copy().put("currency", "KRW"))
                        .status());
    }

    @Test
    void many_bills_are_presented_once_for_a_key_however_often_they_are_sent() {
        City.agency("city-hall");
        JsonArray claims = new JsonArray();
        for (int i = 1; i <= 100; i++) {
            claims.add(City.claim("minji", i));
        }
        JsonObject many = new JsonObject().put("bills", claims);
        String key = "\"" + UUID.randomUUID() + "\"";
        String token = TestTokens.client("city-hall");

        List<Api.Answer> answers =
                Stream.generate(() -> Api.postAsync(PATH + "/batch", token, many, key)).limit(8).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertEquals(1, answers.stream().filter(a -> a.status() == 201).count(), answers.toString());
        assertEquals(
                7,
                answers.stream().filter(a -> a.status() == 200 && a.replayed()).count());
        assertEquals(1, answers.stream().map(Api.Answer::body).distinct().count());
        JsonArray bills = answers.getFirst().json().getJsonArray("bills");
        for (int i = 0; i < 100; i++) {
            assertEquals(i + 1, bills.getJsonObject(i).getLong("amount"));
        }
        JsonObject other = many.copy();
        other.getJsonArray("bills").getJsonObject(0).put("amount", 7_777);
        Api.Answer reused = Api.post(PATH + "/batch", token, other, key);
        assertEquals(422, reused.status());
        assertEquals("idempotency-key-reused", reused.problem());
        assertEquals(0, City.number("select count(*) from bill where amount = 7777"));
        // another agency's key of the same text is its own
        City.agency("transport");
        assertEquals(
                201,
                Api.post(PATH + "/batch", TestTokens.client("transport"), many, key)
                        .status());
        assertEquals(
                "idempotency-key-missing",
                Api.post(PATH + "/batch", token, many).problem());
        assertEquals(
                "invalid-idempotency-key",
                Api.post(PATH + "/batch", token, many, "no-quotes").problem());
        many.getJsonArray("bills").add(City.claim("minji", 1));
        assertEquals(
                400,
                Api.post(PATH + "/batch", token, many, "\"" + UUID.randomUUID() + "\"")
                        .status());
    }

    @Test
    void one_bad_bill_of_many_presents_none() {
        City.agency("city-hall");
        JsonObject many = new JsonObject()
                .put("bills", new JsonArray().add(City.claim("minji", 4_242)).add(City.claim("minji", 0)));

        Api.Answer answer =
                Api.post(PATH + "/batch", TestTokens.client("city-hall"), many, "\"" + UUID.randomUUID() + "\"");

        assertEquals("zero-amount", answer.problem());
        assertEquals(0, City.number("select count(*) from bill where amount = 4242"));
    }

    @Test
    void whoever_has_the_link_may_pay_and_does_not_learn_for_whom() {
        Wallet friend = City.wallet("junho", 1_000);
        JsonObject bill = City.bill("minji", 400);
        String link = bill.getString("link");
        assertTrue(link.startsWith("https://localhost:8443/payment/links/"), link);
        assertEquals(
                404, Api.get(PATH + "/" + bill.getString("id"), friend.token).status());

        JsonObject seen = Api.get(link.replace("https://localhost:8443", ""), friend.token)
                .json();

        assertEquals(bill.getString("bill_hash"), seen.getString("bill_hash"));
        assertEquals(400, seen.getLong("left"));
        assertTrue(!seen.encode().contains(TestTokens.subject("minji")));
        String id = City.expect(
                        201, friend.submit(friend.pay(seen.getString("payee"), 400, seen.getString("bill_hash"))))
                .json()
                .getString("id");
        assertEquals("settled", City.finished(friend, id).getString("state"));
        assertEquals("paid", read(bill).getString("state"));
        assertEquals(
                404, Api.get("/payment/links/" + "A".repeat(22), friend.token).status());
        Api.Answer code = Api.get(PATH + "/" + bill.getString("id") + "/qr", TestTokens.user("minji"));
        assertEquals(200, code.status());
        assertEquals(
                "image/svg+xml",
                code.response()
                        .headers()
                        .firstValue("content-type")
                        .orElseThrow()
                        .replaceAll(";.*", ""));
        assertEquals(link, QrReader.read(code.body()));
        assertEquals(
                404,
                Api.get(PATH + "/" + bill.getString("id") + "/qr", friend.token).status());
    }

    @Test
    void a_bill_is_cancelled_or_paid_whichever_comes_first_and_never_both() {
        Wallet payer = City.wallet("minji", 100_000);
        for (int round = 0; round < 12; round++) {
            JsonObject bill = City.bill("minji", 100);
            JsonObject body = payer.signed(payer.pay(bill.getString("payee"), 100, bill.getString("bill_hash")));
            CompletableFuture<Api.Answer> paying = Api.postAsync("/payment/authorisations", payer.token, body);
            Api.Answer cancelling = cancel(bill);
            Api.Answer paid = paying.join();

            if (cancelling.status() == 200) {
                assertEquals("cancelled", cancelling.json().getString("state"));
                assertEquals("bill-cancelled", paid.problem());
                assertEquals(200, cancel(bill).status());
            } else {
                assertEquals("bill-payment-counted", cancelling.problem());
                assertEquals(201, paid.status(), paid.toString());
            }
            assertEquals(
                    cancelling.status() == 200 ? "cancelled" : "paid",
                    Api.await(() -> read(bill).getString("state"), state -> !state.equals("paying")));
        }
        JsonObject bill = City.bill("minji", 100);
        assertEquals(200, cancel(bill).status());
        assertEquals(
                "bill-cancelled",
                payer.submit(payer.pay(bill.getString("payee"), 100, bill.getString("bill_hash")))
                        .problem());
        assertEquals(
                404,
                Api.post(
                                PATH + "/" + bill.getString("id") + "/cancellation",
                                TestTokens.client("transport"),
                                new JsonObject())
                        .status());
    }

    @Test
    void instalments_raced_never_pay_more_than_the_bill_and_the_last_one_pays_it() {
        Wallet payer = City.wallet("minji", 10_000);
        Wallet friend = City.wallet("junho", 10_000);
        JsonObject bill = City.partialBill("minji", 1_000);
        List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Wallet one = i % 2 == 0 ? payer : friend;
            sent.add(Api.postAsync("/payment/authorisations", one.token, one.instalment(bill, 300)));
        }

        List<Api.Answer> answers = sent.stream().map(CompletableFuture::join).toList();

        assertEquals(3, answers.stream().filter(a -> a.status() == 201).count());
        assertEquals(
                17,
                answers.stream()
                        .filter(a -> a.status() == 409 && a.problem().equals("bill-exceeded"))
                        .count());
        assertEquals(100, read(bill).getLong("left"));
        assertEquals("bill-payment-counted", cancel(bill).problem());
        assertEquals(
                "bill-already-paid",
                payer.submit(payer.pay(bill.getString("payee"), 1_000, bill.getString("bill_hash")))
                        .problem());
        String last = City.expect(201, payer.submit(payer.instalment(bill, 100)))
                .json()
                .getString("id");
        assertEquals(
                "bill-already-paid", payer.submit(payer.instalment(bill, 1)).problem());
        City.finished(payer, last);
        Api.await(() -> read(bill).getString("state"), "paid"::equals);
        assertEquals(1_000, read(bill).getLong("paid"));
        assertEquals(
                List.of("bill.created", "bill.paid"),
                Api.await(() -> Events.about(bill.getString("id")), told -> told.size() >= 2).stream()
                        .map(Events.Told::type)
                        .toList());
    }

    @Test
    void an_instalment_is_what_the_payer_signed_and_only_where_the_bill_permits() {
        Wallet payer = City.wallet("minji", 10_000);
        JsonObject whole = City.bill("minji", 500);
        JsonObject parts = City.partialBill("minji", 500);
        Wallet other = City.wallet("junho");

        assertEquals(
                "bill-not-partial", payer.submit(payer.instalment(whole, 100)).problem());
        JsonObject relabelled = payer.instalment(parts, 100).put("instalment_of", whole.getString("bill_hash"));
        assertEquals("instalment-mismatch", payer.submit(relabelled).problem());
        JsonObject plain = payer.signed(payer.pay(parts.getString("payee"), 100, null))
                .put("instalment_of", parts.getString("bill_hash"));
        assertEquals("instalment-mismatch", payer.submit(plain).problem());
        JsonObject elsewhere = parts.copy().put("payee", other.account);
        assertEquals(
                "bill-mismatch", payer.submit(payer.instalment(elsewhere, 100)).problem());
        JsonObject unnamed = payer.instalment(parts, 100);
        unnamed.remove("instalment_of");
        assertEquals("unknown-bill", payer.submit(unnamed).problem());
        assertEquals(500, read(parts).getLong("left"));
        // a bill that takes instalments can be paid whole as well
        assertEquals(
                201,
                payer.submit(payer.pay(parts.getString("payee"), 500, parts.getString("bill_hash")))
                        .status());
    }

    @Test
    void a_browser_that_opens_a_payment_link_is_shown_the_bill_and_the_way_into_the_wallet() {
        JsonObject bill = City.expect(
                        201,
                        Api.post(
                                "/payment/bills",
                                TestTokens.client("city-hall"),
                                City.claim("minji", 12_000)
                                        .put(
                                                "title",
                                                new JsonObject()
                                                        .put("ko", "<주차> 과태료")
                                                        .put("en", "\"Fine\" & fee"))))
                .json();
        String path = bill.getString("link").replaceFirst("https?://[^/]+", "");

        Api.Answer korean = browse(path, "ko-KR,ko;q=0.9");
        Api.Answer english = browse(path + "?lang=en", "ko-KR");

        assertEquals(200, korean.status());
        assertTrue(korean.body().contains("&lt;주차&gt; 과태료") && korean.body().contains("12,000원"), korean.body());
        assertTrue(korean.body().contains("lang=\"ko\"") && english.body().contains("lang=\"en\""));
        assertTrue(english.body().contains("&quot;Fine&quot; &amp; fee")
                && english.body().contains("12,000 won"));
        assertTrue(english.body()
                .contains("madang-wallet://pay?link="
                        + URLEncoder.encode(bill.getString("link"), StandardCharsets.UTF_8)));
        assertTrue(english.body().contains("<svg"));
        // not whose it is, and nothing that a browser would keep or pass on
        assertTrue(!korean.body().contains(TestTokens.subject("minji")));
        assertEquals(
                "no-store",
                korean.response().headers().firstValue("cache-control").orElseThrow());
        assertEquals(
                "no-referrer",
                korean.response().headers().firstValue("referrer-policy").orElseThrow());
        String policy = korean.response()
                .headers()
                .firstValue("content-security-policy")
                .orElseThrow();
        assertTrue(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"), policy);
        // programs still sign in
        assertEquals(401, Api.get(path, null).status());
        Api.Answer unknown = browse("/payment/links/" + "A".repeat(22), "en");
        assertEquals(404, unknown.status());
        assertTrue(unknown.body().contains("There is no such bill"));
        Api.post(
                "/payment/bills/" + bill.getString("id") + "/cancellation",
                TestTokens.client("city-hall"),
                new JsonObject());
        assertTrue(browse(path, "en").body().contains("The agency has withdrawn it."));
        assertTrue(!browse(path, "en").body().contains("madang-wallet://"));
    }

    private static Api.Answer browse(String path, String languages) {
        return Api.send(Api.request(path, null)
                .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .header("accept-language", languages)
                .GET()
                .build());
    }
}
