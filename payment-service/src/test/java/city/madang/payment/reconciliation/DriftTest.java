package city.madang.payment.reconciliation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

@PaymentTest
class DriftTest {

    private static JsonObject report() {
        return Api.get("/payment/reconciliation", TestTokens.user("auditor")).json();
    }

    @Test
    void settlement_stops_while_database_and_contract_disagree() throws Exception {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        Api.await(() -> payee.state().getString("state"), "open"::equals);
        Api.await(DriftTest::report, found -> found.getJsonArray("differences").isEmpty());

        // both treasurers mint without the service's knowledge
        Bytes32 mint = Bytes32.of(new java.math.BigInteger(250, new java.util.Random()));
        City.contract().proposeMint(City.sender("treasurer-a"), mint, new Bytes32(payee.account), 7);
        City.contract().approveMint(City.sender("treasurer-b"), mint);
        JsonObject drift = Api.await(
                DriftTest::report, found -> !found.getJsonArray("differences").isEmpty());
        assertEquals(
                payee.account,
                drift.getJsonArray("differences").getJsonObject(0).getString("account"));
        assertEquals(7, drift.getLong("chain_supply") - drift.getLong("supply"));
        String id = payer.submit(payer.pay(payee.account, 5, null)).json().getString("id");
        Thread.sleep(1_500);
        assertEquals(
                "accepted",
                Api.get("/payment/authorisations/" + id, payer.token).json().getString("state"));

        // the mint is booked by hand, as an auditor would have it done
        City.bookByHand(payee.account, 7);

        assertEquals("settled", City.finished(payer, id).getString("state"));
        assertTrue(report().getJsonArray("differences").isEmpty());
    }
}
