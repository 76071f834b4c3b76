package city.madang.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.ForgedTokens;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Attacks of the OWASP API Security Top 10 (2023) through HTTP; the table of docs/threat-model.md names the others. */
@PaymentTest
@Tag("api-top-10")
class ApiTop10Test {

    private static final String NO_SIGNATURE = "A".repeat(86);

    /** Operations on one object that its owners alone may use, with a body that would do. */
    private static final Map<String, JsonObject> OF_OWNERS = bodies();

    private static Map<String, JsonObject> bodies() {
        Map<String, JsonObject> bodies = new LinkedHashMap<>();
        JsonObject signed = new JsonObject().put("key_version", 1).put("signature", NO_SIGNATURE);
        for (String read : List.of(
                "GET /payment/accounts/{id}",
                "GET /payment/accounts/{id}/history",
                "GET /payment/accounts/{id}/limits",
                "GET /payment/accounts/{id}/cancelled-nonces/{nonce}",
                "GET /payment/bills/{id}",
                "GET /payment/bills/{id}/qr",
                "GET /payment/authorisations/{id}",
                "GET /payment/authorisations/{id}/receipt",
                "GET /payment/authorisations/{id}/receipt/file",
                "GET /payment/authorisations/{id}/refunds")) {
            bodies.put(read, null);
        }
        bodies.put("POST /payment/accounts/{id}/closing", new JsonObject());
        bodies.put("PUT /payment/accounts/{id}/limits", new JsonObject().put("per_payment", 1));
        bodies.put("PUT /payment/accounts/{id}/cancelled-nonces/{nonce}", new JsonObject());
        bodies.put("PUT /payment/accounts/{id}/cancelled-nonces/{nonce}/signature", signed);
        bodies.put("POST /payment/authorisations/{id}/capture", signed.copy().put("amount", 1));
        bodies.put("POST /payment/authorisations/{id}/void", new JsonObject());
        return bodies;
    }

    /** API1, broken object level authorization. */
    @Test
    void what_is_anothers_is_as_if_it_were_not_there() {
        Wallet payer = City.wallet("minji", 1_000);
        String bill = City.bill("minji", 5).getString("id");
        String payment = City.expect(
                        201,
                        Api.post(
                                "/payment/authorisations",
                                payer.token,
                                payer.signed(payer.pay(City.wallet("minji").account, 100, null))))
                .json()
                .getString("id");
        Map<String, String> real = Map.of("accounts", payer.account, "bills", bill, "authorisations", payment);
        Map<String, String> absent = Map.of(
                "accounts", "0x" + "11".repeat(32),
                "bills", UUID.randomUUID().toString(),
                "authorisations", "0x" + "11".repeat(32));
        String before = state(payer, bill);

        for (String stranger : List.of(TestTokens.user("junho"), TestTokens.client("transport"))) {
            OF_OWNERS.forEach((operation, body) -> {
                Api.Answer anothers = call(operation, real, stranger, body);
                Api.Answer nothing = call(operation, absent, stranger, body);
                assertEquals(404, anothers.status(), operation + anothers);
                assertEquals(nothing.status(), anothers.status(), operation);
                assertEquals(nothing.problem(), anothers.problem(), operation);
                assertEquals(nothing.json().getString("detail"), anothers.json().getString("detail"), operation);
            });
        }

        assertEquals(before, state(payer, bill), "nothing changed");
    }

    private static String state(Wallet payer, String bill) {
        return Api.get("/payment/accounts/" + payer.account + "/limits", payer.token)
                        .body()
                + Api.get("/payment/bills/" + bill, payer.token).body()
                + City.query("select state from account where id = '" + payer.account + "'");
    }

    private static Api.Answer call(String operation, Map<String, String> ids, String token, JsonObject body) {
        String[] parts = operation.split(" ", 2);
        String id = ids.get(parts[1].split("/")[2]);
        HttpRequest.Builder request = Api.request(parts[1].replace("{id}", id).replace("{nonce}", "900"), token)
                .header("content-type", "application/json");
        return Api.send(request.method(
                        parts[0].toUpperCase(Locale.ROOT),
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    }

    /** API2, broken authentication. */
    @Test
    void no_forged_token_is_believed() {
        assertEquals(200, Api.get("/payment/accounts", TestTokens.user("minji")).status());
        ForgedTokens.of("minji").forEach((forgery, token) -> {
            for (String path : List.of("/payment/accounts", "/payment/reconciliation", "/payment/recoveries")) {
                Api.Answer answer = Api.get(path, token);
                boolean open = path.equals("/payment/recoveries");
                assertTrue(answer.status() == 401 || open && answer.status() == 200, forgery + ": " + path + answer);
            }
        });
    }

    /** API3, broken object property level authorization: mass assignment. */
    @Test
    void no_member_is_taken_that_is_not_the_callers_to_set() {
        City.agency("city-hall");
        Wallet payer = City.wallet("minji", 1_000);
        long bills = City.number("select count(*) from bill");
        JsonObject claim = City.claim("minji", 5);
        for (String member : List.of("id", "state", "paid", "payee", "payee_agency", "bill_hash", "salt", "link")) {
            invalid(Api.post(
                    "/payment/bills",
                    TestTokens.client("city-hall"),
                    claim.copy().put(member, "paid")));
        }
        assertEquals(bills, City.number("select count(*) from bill"));

        JsonObject authorisation = payer.signed(payer.pay(City.wallet("minji").account, 100, null));
        for (String member : List.of("id", "state", "owner", "accepted_at", "captured_amount", "refunded")) {
            invalid(Api.post(
                    "/payment/authorisations", payer.token, authorisation.copy().put(member, "settled")));
        }
        assertEquals(0, City.number("select count(*) from transfer where payer = '" + payer.account + "'"));

        invalid(Api.put(
                "/payment/accounts/" + payer.account + "/limits",
                payer.token,
                new JsonObject().put("per_payment", 1).put("from", "2020-01-01T00:00:00Z")));
        invalid(Api.post(
                "/payment/accounts",
                payer.token,
                new JsonObject()
                        .put("proof", Wallet.proof(Wallet.newKey(), TestTokens.subject("minji")))
                        .put("balance", 1_000_000)));
        invalid(Api.post(
                "/payment/treasury/mints",
                TestTokens.user("treasurer.a"),
                new JsonObject().put("to", payer.account).put("amount", 5).put("state", "approved")));
    }

    private static void invalid(Api.Answer answer) {
        assertEquals(400, answer.status(), answer.toString());
        assertEquals("invalid-request", answer.problem());
    }

    /** ASVS 16.3.1 and 16.3.2: who is refused is seen, and no person is named. */
    @Test
    void refusals_are_noted_without_the_person() {
        Set<String> lines = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(String.format(Locale.ROOT, line.getMessage(), line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        String request = UUID.randomUUID().toString();
        Logger log = Logger.getLogger("madang.refused");
        log.addHandler(handler);
        try {
            Api.send(Api.request("/payment/reconciliation", TestTokens.client("transport"))
                    .header("X-Request-Id", request)
                    .build());
            Api.get("/payment/accounts", null);
            Api.get("/payment/reconciliation", TestTokens.user("minji"));
        } finally {
            log.removeHandler(handler);
        }

        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.startsWith("403 ")
                                && line.contains("client=transport agency=transport id=" + request)),
                lines.toString());
        assertTrue(
                lines.stream().anyMatch(line -> line.matches("401 \\w+\\.\\w+ client=- agency=- id=-")),
                lines.toString());
        assertTrue(
                lines.stream().noneMatch(line -> line.contains("minji") || line.contains(TestTokens.subject("minji"))),
                lines.toString());
    }
}
