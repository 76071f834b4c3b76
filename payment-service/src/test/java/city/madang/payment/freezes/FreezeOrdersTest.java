package city.madang.payment.freezes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@PaymentTest
class FreezeOrdersTest {

    private static final String PATH = "/payment/freeze-orders";

    private static String proposed(Wallet wallet, String action) {
        return City.expect(
                        201,
                        Api.post(
                                PATH,
                                TestTokens.user("treasurer.a"),
                                new JsonObject()
                                        .put("account", wallet.account)
                                        .put("action", action)
                                        .put("reason", "Court order 2026-1234")))
                .json()
                .getString("id");
    }

    private static Api.Answer approve(String officer, String id) {
        return Api.post(PATH + "/" + id + "/approval", TestTokens.user(officer), new JsonObject());
    }

    private static void done(String id) {
        Api.await(
                () -> Api.get(PATH + "/" + id, TestTokens.user("auditor"))
                        .json()
                        .getString("state"),
                "done"::equals);
    }

    @Test
    void two_officers_freeze_an_account_and_two_end_it_with_a_reason() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        String freeze = proposed(payer, "freeze");
        assertEquals(201, payer.submit(payer.pay(payee.account, 1, null)).status());
        assertEquals("same-officer", approve("treasurer.a", freeze).problem());

        assertEquals(200, approve("treasurer.b", freeze).status());

        // here at once, on the contract soon
        assertEquals("frozen", payer.submit(payer.pay(payee.account, 1, null)).problem());
        done(freeze);
        assertTrue(City.contract()
                .account(new Bytes32(payer.account))
                .orElseThrow()
                .frozen());
        assertEquals("frozen", payer.submit(payer.pay(payee.account, 1, null)).problem());
        assertEquals(
                "Court order 2026-1234",
                City.query("select reason from freeze_order where id = '" + freeze + "'")
                        .getFirst());
        assertEquals(200, approve("treasurer.b", freeze).status());

        String unfreeze = proposed(payer, "unfreeze");
        assertEquals(200, approve("treasurer.b", unfreeze).status());
        done(unfreeze);
        Api.await(() -> payer.submit(payer.pay(payee.account, 1, null)), answer -> answer.status() == 201);
    }

    @Test
    void the_database_too_wants_two_officers_and_bad_orders_change_nothing() {
        Wallet payer = City.wallet("minji");
        String order = proposed(payer, "freeze");
        assertThrows(
                SQLException.class,
                () -> City.execute("update freeze_order set state = 'approved', approved_by = proposed_by where id = '"
                        + order + "'"));
        JsonObject good = new JsonObject()
                .put("account", payer.account)
                .put("action", "freeze")
                .put("reason", "r");
        String token = TestTokens.user("treasurer.a");
        assertEquals(400, Api.post(PATH, token, good.copy().put("reason", " ")).status());
        assertEquals(
                400,
                Api.post(PATH, token, good.copy().put("reason", "x".repeat(501)))
                        .status());
        assertEquals(
                400, Api.post(PATH, token, good.copy().put("action", "seize")).status());
        assertEquals(
                404,
                Api.post(PATH, token, good.copy().put("account", "0x" + "12".repeat(32)))
                        .status());
        assertEquals(
                404,
                approve("treasurer.b", "00000000-0000-4000-8000-000000000000").status());
    }
}
