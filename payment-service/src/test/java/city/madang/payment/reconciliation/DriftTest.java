package city.madang.payment.reconciliation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.P256Signature;
import city.madang.contracts.PayAuthorisation;
import city.madang.contracts.SignedPayment;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

@PaymentTest
class DriftTest {

    private static JsonObject report() {
        return Api.get("/payment/reconciliation", TestTokens.user("auditor")).json();
    }

    private static boolean agrees(JsonObject report) {
        return report.getJsonArray("differences").isEmpty()
                && report.getJsonArray("findings").isEmpty()
                && report.getLong("supply").equals(report.getLong("chain_supply"));
    }

    private static void settles(Wallet payer, Wallet payee) {
        String id = City.expect(201, payer.submit(payer.pay(payee.account, 1, null)))
                .json()
                .getString("id");
        assertEquals("settled", City.finished(payer, id).getString("state"));
    }

    /** What the operator could carry behind the service's back: it has the payer's signature. */
    private static void settleUnseen(PayAuthorisation pay, Wallet payer) {
        City.contract()
                .settle(
                        City.sender("payment-operator"),
                        List.of(new SignedPayment(pay, P256Signature.of(Wallet.sign(payer.key, pay)))));
    }

    /** Settlement rests while they differ, and goes on by itself when they agree again. */
    private static JsonObject stopsAt(Wallet payer, Wallet payee, Runnable tampering) throws Exception {
        return stopsAt(payer, payee, tampering, found -> !agrees(found));
    }

    /** The same, at a comparison that has seen all of the tampering: one may fall into the midst of it. */
    private static JsonObject stopsAt(Wallet payer, Wallet payee, Runnable tampering, Predicate<JsonObject> all)
            throws Exception {
        Api.await(DriftTest::report, DriftTest::agrees);
        Object before = City.rpc("evm_snapshot");
        tampering.run();
        JsonObject drift = Api.await(DriftTest::report, all);
        String id = City.expect(201, payer.submit(payer.pay(payee.account, 5, null)))
                .json()
                .getString("id");
        Thread.sleep(600);
        assertEquals(
                "accepted",
                Api.get("/payment/authorisations/" + id, payer.token).json().getString("state"));
        City.revert(before);
        // a comparison that agreed just before may have marked a block that this test has taken away again
        City.execute("delete from chain_mark where number > " + Long.decode((String) City.rpc("eth_blockNumber")));
        assertEquals("settled", City.finished(payer, id).getString("state"));
        assertTrue(agrees(Api.await(DriftTest::report, DriftTest::agrees)));
        return drift;
    }

    @Test
    void a_single_won_more_on_the_contract_stops_settlement() throws Exception {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        settles(payer, payee);

        // both treasurers mint without the service's knowledge; a proposal moves nothing, so it must not be set back
        Bytes32 mint = Bytes32.of(new BigInteger(250, new Random()));
        City.contract().proposeMint(City.sender("treasurer-a"), mint, new Bytes32(payee.account), 1);
        JsonObject drift = stopsAt(payer, payee, () -> City.contract().approveMint(City.sender("treasurer-b"), mint));

        JsonObject difference = drift.getJsonArray("differences").getJsonObject(0);
        assertEquals(payee.account, difference.getString("account"));
        assertEquals(1, difference.getLong("chain_balance") - difference.getLong("balance"));
        assertEquals(1, drift.getLong("chain_supply") - drift.getLong("supply"));
    }

    @Test
    void a_single_won_moved_unseen_stops_settlement() throws Exception {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        settles(payer, payee);

        JsonObject drift = stopsAt(payer, payee, () -> settleUnseen(payer.pay(payee.account, 1, null), payer));

        assertEquals(2, drift.getJsonArray("differences").size());
        assertEquals(drift.getLong("supply"), drift.getLong("chain_supply"));
    }

    @Test
    void a_single_nonce_used_unseen_stops_settlement_though_every_balance_agrees() throws Exception {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho", 1_000);
        settles(payer, payee);
        settles(payee, payer);

        Runnable there = () -> settleUnseen(payer.pay(payee.account, 1, null), payer);
        Runnable back = () -> settleUnseen(payee.pay(payer.account, 1, null), payee);
        JsonObject drift = stopsAt(
                payer,
                payee,
                () -> {
                    there.run();
                    back.run();
                },
                found -> found.getJsonArray("differences").isEmpty() && !agrees(found));

        List<String> subjects = drift.getJsonArray("findings").stream()
                .map(JsonObject.class::cast)
                .filter(finding -> finding.getString("kind").equals("nonce"))
                .map(finding -> finding.getString("subject"))
                .sorted()
                .toList();
        assertEquals(
                List.of(payer.account + "/0", payee.account + "/0").stream()
                        .sorted()
                        .toList(),
                subjects);
    }

    @Test
    void a_single_bill_paid_unseen_stops_settlement() throws Exception {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho", 1_000);
        settles(payer, payee);
        JsonObject bill = City.bill("minji", 1);
        PayAuthorisation pay = payer.pay(payee.account, 1, bill.getString("bill_hash"));

        JsonObject drift = stopsAt(payer, payee, () -> settleUnseen(pay, payer));

        JsonObject finding = drift.getJsonArray("findings").stream()
                .map(JsonObject.class::cast)
                .filter(found -> found.getString("kind").equals("bill"))
                .findFirst()
                .orElseThrow();
        assertEquals(bill.getString("bill_hash"), finding.getString("subject"));
        assertEquals("0x" + "0".repeat(64), finding.getString("booked"));
        assertEquals(pay.id(Api.separator()).hex(), finding.getString("chain"));
    }
}
