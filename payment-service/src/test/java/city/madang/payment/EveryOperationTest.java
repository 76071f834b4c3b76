package city.madang.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.PaymentTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

@PaymentTest
class EveryOperationTest {

    /** Operations that anyone may call. */
    private static final Set<String> PUBLIC = Set.of(
            "GET /payment/ledger",
            "GET /payment/treasury/supply",
            "GET /payment/treasury/supply/report",
            "GET /payment/recoveries",
            "GET /payment/recoveries/{id}",
            "GET /payment/jwks");

    private static final Set<String> OWNERS = Set.of("citizen", "agency");

    /** Who may call the others. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("POST /payment/accounts", OWNERS),
            Map.entry("GET /payment/accounts", OWNERS),
            Map.entry("GET /payment/accounts/{id}", OWNERS),
            Map.entry("POST /payment/accounts/{id}/closing", OWNERS),
            Map.entry("PUT /payment/accounts/{id}/key", OWNERS),
            Map.entry("POST /payment/accounts/{id}/recoveries", OWNERS),
            Map.entry("POST /payment/recoveries/{id}/proposal", Set.of("registrar")),
            Map.entry("POST /payment/recoveries/{id}/approval", Set.of("officer", "registrar", "treasurer")),
            Map.entry("POST /payment/recoveries/{id}/veto", OWNERS),
            Map.entry("POST /payment/recoveries/{id}/withdrawal", Set.of("registrar")),
            Map.entry("POST /payment/recoveries/{id}/finish", Set.of("citizen", "agency", "registrar")),
            Map.entry("PUT /payment/accounts/{id}/cancelled-nonces/{nonce}/signature", OWNERS),
            Map.entry("GET /payment/accounts/{id}/cancelled-nonces/{nonce}", OWNERS),
            Map.entry("POST /payment/treasury/redemptions", Set.of("treasurer")),
            Map.entry("GET /payment/treasury/redemptions", Set.of("treasurer", "auditor")),
            Map.entry("GET /payment/treasury/redemptions/{id}", Set.of("treasurer", "auditor")),
            Map.entry("POST /payment/treasury/redemptions/{id}/approval", Set.of("treasurer")),
            Map.entry("POST /payment/freeze-orders", Set.of("treasurer")),
            Map.entry("GET /payment/freeze-orders/{id}", Set.of("treasurer", "auditor")),
            Map.entry("POST /payment/freeze-orders/{id}/approval", Set.of("treasurer")),
            Map.entry("GET /payment/accounts/{id}/history", OWNERS),
            Map.entry("GET /payment/accounts/{id}/limits", OWNERS),
            Map.entry("PUT /payment/accounts/{id}/limits", OWNERS),
            Map.entry("PUT /payment/accounts/{id}/cancelled-nonces/{nonce}", OWNERS),
            Map.entry("POST /payment/bills", Set.of("agency")),
            Map.entry("POST /payment/bills/batch", Set.of("agency")),
            Map.entry("POST /payment/bills/{id}/cancellation", Set.of("agency")),
            Map.entry("GET /payment/bills/{id}/qr", OWNERS),
            Map.entry("GET /payment/links/{link}", OWNERS),
            Map.entry("GET /payment/bills", OWNERS),
            Map.entry("GET /payment/bills/{id}", OWNERS),
            Map.entry("POST /payment/authorisations", OWNERS),
            Map.entry("POST /payment/authorisations/bulk", OWNERS),
            Map.entry("GET /payment/authorisations/{id}", OWNERS),
            Map.entry("GET /payment/authorisations/{id}/receipt", OWNERS),
            Map.entry("GET /payment/authorisations/{id}/receipt/file", OWNERS),
            Map.entry("GET /payment/authorisations/{id}/refunds", OWNERS),
            Map.entry("POST /payment/authorisations/{id}/capture", OWNERS),
            Map.entry("POST /payment/authorisations/{id}/void", OWNERS),
            Map.entry("POST /payment/treasury/reserve", Set.of("auditor")),
            Map.entry("GET /payment/treasury/reserve", Set.of("treasurer", "auditor")),
            Map.entry("POST /payment/treasury/mints", Set.of("treasurer")),
            Map.entry("GET /payment/treasury/mints/{id}", Set.of("treasurer", "auditor")),
            Map.entry("POST /payment/treasury/mints/{id}/approval", Set.of("treasurer")),
            Map.entry("GET /payment/reconciliation", Set.of("auditor")));

    private static Map<String, String> callers() {
        return Map.of(
                "citizen", TestTokens.user("minji"),
                "agency", TestTokens.client("city-hall"),
                "officer", TestTokens.user("officer.transport"),
                "registrar", TestTokens.user("officer.cityhall"),
                "treasurer", TestTokens.user("treasurer.a"),
                "auditor", TestTokens.user("auditor"));
    }

    private static Map<String, String[]> operations() {
        JsonObject paths = Api.get("/q/openapi?format=json", null).json().getJsonObject("paths");
        Map<String, String[]> operations = new TreeMap<>();
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                if (Set.of("get", "post", "put", "delete", "patch").contains(method)) {
                    String upper = method.toUpperCase(Locale.ROOT);
                    operations.put(upper + " " + path, new String[] {upper, path});
                }
            }
        }
        return operations;
    }

    private static Api.Answer call(String[] operation, String token) {
        String id = operation[1].contains("accounts") || operation[1].contains("authorisations")
                ? "0x" + "11".repeat(32)
                : "00000000-0000-4000-8000-000000000000";
        HttpRequest.Builder request = Api.request(
                        operation[1].replace("{id}", id).replace("{nonce}", "1").replace("{link}", "A".repeat(22)),
                        token)
                .header("content-type", operation[1].endsWith("/bulk") ? "application/x-ndjson" : "application/json");
        return Api.send(request.method(
                        operation[0],
                        operation[0].equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    }

    private static void refused(int status, String operation, Api.Answer answer) {
        assertEquals(status, answer.status(), operation + " -> " + answer);
        assertTrue(answer.isProblem(), operation + " -> " + answer);
    }

    @Test
    void every_operation_knows_its_caller() {
        Map<String, String[]> operations = operations();
        assertEquals(
                PUBLIC.size() + ALLOWED.size(),
                operations.size(),
                operations.keySet().toString());
        operations.forEach((name, operation) -> {
            if (PUBLIC.contains(name)) {
                // the one that is asked for does not exist
                int expected = name.contains("{") ? 404 : 200;
                assertTrue(Set.of(expected, 503).contains(call(operation, null).status()), name);
                return;
            }
            Set<String> allowed = ALLOWED.get(name);
            assertTrue(allowed != null, name + " is on neither list");
            refused(401, name, call(operation, null));
            refused(401, name, call(operation, "nonsense"));
            refused(401, name, call(operation, TestTokens.expired("minji")));
            refused(401, name, call(operation, TestTokens.wrongAudience("minji")));
            callers().forEach((role, token) -> {
                Api.Answer answer = call(operation, token);
                if (allowed.contains(role)) {
                    assertTrue(
                            answer.status() != 401 && answer.status() != 403 && answer.status() < 500, name + answer);
                } else {
                    refused(403, name + " as " + role, answer);
                }
            });
        });
    }
}
