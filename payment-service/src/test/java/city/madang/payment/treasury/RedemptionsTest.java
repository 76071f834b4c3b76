package city.madang.payment.treasury;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.LedgerContract;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

@PaymentTest
class RedemptionsTest {

    private static final String PATH = "/payment/treasury/redemptions";

    private static String paidIn(Wallet payer, long amount) {
        String redemption = Api.get("/payment/ledger", null).json().getString("redemption");
        assertEquals(LedgerContract.REDEMPTION.hex(), redemption);
        String id = City.expect(201, payer.submit(payer.pay(redemption, amount, null)))
                .json()
                .getString("id");
        assertEquals("settled", City.finished(payer, id).getString("state"));
        return id;
    }

    private static Api.Answer propose(String treasurer, String authorisation) {
        return Api.post(PATH, TestTokens.user(treasurer), new JsonObject().put("authorisation", authorisation));
    }

    private static Api.Answer approve(String treasurer, String id) {
        return Api.post(PATH + "/" + id + "/approval", TestTokens.user(treasurer), new JsonObject());
    }

    @Test
    void what_a_holder_pays_in_is_burned_once_by_two_treasurers() {
        Wallet payer = City.wallet("minji", 1_000);
        String payment = paidIn(payer, 400);
        long supply = City.contract().supply();
        long committed = City.number("select committed from treasury");
        String other = City.expect(201, payer.submit(payer.pay(City.wallet("junho").account, 1, null)))
                .json()
                .getString("id");
        assertEquals("settled", City.finished(payer, other).getString("state"));
        assertEquals("not-redeemable", propose("treasurer.a", other).problem());

        String id = City.expect(201, propose("treasurer.a", payment)).json().getString("id");
        assertEquals("not-redeemable", propose("treasurer.b", payment).problem());
        assertEquals("same-treasurer", approve("treasurer.a", id).problem());
        assertEquals(supply, City.contract().supply());
        City.expect(200, approve("treasurer.b", id));
        City.expect(200, approve("treasurer.b", id));

        JsonObject settled = Api.await(
                () -> Api.get(PATH + "/" + id, TestTokens.user("auditor")).json(),
                found -> !found.getString("state").equals("approved"));
        assertEquals("settled", settled.getString("state"), settled.encode());
        assertEquals(400, settled.getLong("amount"));
        assertEquals(66, settled.getString("transaction_hash").length());
        assertEquals(supply - 400, City.contract().supply());
        assertEquals(committed - 400, City.number("select committed from treasury"));
        assertEquals(599, payer.state().getLong("balance"));
        assertEquals(1, City.booked("burn", id));
        assertEquals("not-redeemable", propose("treasurer.a", payment).problem());
        JsonObject page =
                Api.get(PATH + "?limit=200", TestTokens.user("treasurer.a")).json();
        assertTrue(page.getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .anyMatch(item -> item.getString("authorisation").equals(payment)
                        && item.getJsonObject("redemption").getString("state").equals("settled")));
        assertThrows(
                SQLException.class, () -> City.execute("update account set available = -1 where owner = 'redemption'"));
    }

    @Test
    void each_number_of_the_supply_report_comes_out_of_the_calls_that_it_names() throws Exception {
        Wallet payer = City.wallet("minji", 1_000);
        String payment = paidIn(payer, 70);
        String id = City.expect(201, propose("treasurer.b", payment)).json().getString("id");
        City.expect(200, approve("treasurer.a", id));
        Api.await(
                () -> Api.get(PATH + "/" + id, TestTokens.user("auditor"))
                        .json()
                        .getString("state"),
                "settled"::equals);
        paidIn(payer, 5);

        JsonObject report = Api.await(
                () -> Api.get("/payment/treasury/supply/report", null).json(),
                found -> found.getLong("redemption")
                                == City.number("select available from account where owner = 'redemption'")
                        && found.getLong("supply").equals(found.getLong("booked_supply")));

        assertTrue(report.getBoolean("holds"), report.encode());
        BigInteger accounts = null;
        for (Object each : report.getJsonArray("how")) {
            JsonObject call = (JsonObject) each;
            String number = call.getString("number");
            Object result = rpc(call.getString("method"), call.getJsonArray("params"));
            switch (number) {
                case "code_sha256" ->
                    assertEquals(
                            report.getString("code_sha256"),
                            "0x"
                                    + HexFormat.of()
                                            .formatHex(MessageDigest.getInstance("SHA-256")
                                                    .digest(HexFormat.of()
                                                            .parseHex(result.toString()
                                                                    .substring(2)))));
                case "supply", "reserve" ->
                    assertEquals(report.getLong(number), word(result, 0).longValueExact());
                case "redemption" ->
                    assertEquals(report.getLong(number), word(result, 3).longValueExact());
                case "minted", "burned" -> {
                    long sum = ((JsonArray) result)
                            .stream()
                                    .mapToLong(log -> word(((JsonObject) log).getString("data"), 0)
                                            .longValueExact())
                                    .sum();
                    assertEquals(report.getLong(number), sum);
                }
                case "accounts" -> {
                    accounts = BigInteger.ZERO;
                    for (Object log : (JsonArray) result) {
                        String account =
                                ((JsonObject) log).getJsonArray("topics").getString(1);
                        Object found = rpc(
                                "eth_call",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("to", report.getString("contract"))
                                                .put("data", "0x" + selector(report) + account.substring(2)))
                                        .add("0x"
                                                + Long.toHexString(report.getJsonObject("block")
                                                        .getLong("number"))));
                        accounts = accounts.add(word(found, 3));
                    }
                }
                default -> throw new AssertionError(number);
            }
        }
        assertEquals(BigInteger.valueOf(report.getLong("supply")), accounts);
        assertEquals(report.getLong("supply"), report.getLong("minted") - report.getLong("burned"));
    }

    /** First four bytes of {@code account(bytes32)}, as the call for the redemption account has them. */
    private static String selector(JsonObject report) {
        return report.getJsonArray("how").stream()
                .map(JsonObject.class::cast)
                .filter(call -> call.getString("number").equals("redemption"))
                .map(call -> call.getJsonArray("params").getJsonObject(0).getString("data"))
                .findFirst()
                .orElseThrow()
                .substring(2, 10);
    }

    private static BigInteger word(Object hex, int index) {
        return new BigInteger(hex.toString().substring(2 + 64 * index, 66 + 64 * index), 16);
    }

    private static Object rpc(String method, JsonArray params) throws Exception {
        JsonObject body = new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .put("params", params);
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create(City.config("madang.chain.rpc-url")))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        Object result = new JsonObject(answer.body()).getValue("result");
        assertTrue(result != null, answer.body());
        return result;
    }
}
