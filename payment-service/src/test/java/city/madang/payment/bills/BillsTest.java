package city.madang.payment.bills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
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
                good.copy().put("amount", 0),
                good.copy().put("amount", 1_000_000_000_001L),
                good.copy().put("amount", "5"),
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
}
