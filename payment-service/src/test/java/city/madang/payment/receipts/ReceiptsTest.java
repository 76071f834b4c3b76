package city.madang.payment.receipts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PaymentReceipt;
import city.madang.contracts.ReceiptCheck;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@PaymentTest
class ReceiptsTest {

    private static ReceiptCheck.Good good(Wallet payer, String id) {
        String file = City.expect(200, Api.get("/payment/authorisations/" + id + "/receipt/file", payer.token))
                .body();
        String jwks = Api.get("/payment/jwks", null).body();
        ReceiptCheck check = PaymentReceipt.check(file, jwks);
        return assertInstanceOf(ReceiptCheck.Good.class, check, check::toString);
    }

    @Test
    void a_receipt_holds_without_this_service_and_a_node_bears_it_out() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        List<String> payments = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            payments.add(City.expect(201, payer.submit(payer.pay(payee.account, i, null)))
                    .json()
                    .getString("id"));
        }
        String held = City.expect(201, payer.submit(payer.hold(payee.account, 90, null, 600)))
                .json()
                .getString("id");
        assertEquals(
                "not-settled",
                Api.get("/payment/authorisations/" + held + "/receipt/file", payer.token)
                        .problem());
        City.expect(
                200, Api.post("/payment/authorisations/" + held + "/capture", payee.token, payee.capture(held, 40)));
        payments.add(held);

        for (int i = 0; i < payments.size(); i++) {
            assertEquals("settled", City.finished(payer, payments.get(i)).getString("state"));
            ReceiptCheck.Good receipt = good(payer, payments.get(i));
            assertEquals(i == 5 ? 40 : i + 1, receipt.amount());
            assertEquals(City.contract().address(), receipt.contract());
            assertEquals(
                    Optional.empty(),
                    receipt.differsFrom(City.contract()
                            .settledIn(receipt.transactionHash().hex())
                            .orElseThrow()));
        }
        assertEquals(
                404,
                Api.get("/payment/authorisations/" + held + "/receipt/file", TestTokens.client("transport"))
                        .status());
    }

    @Test
    void a_receipt_verifies_offline_and_says_what_the_chain_says() throws Exception {
        Wallet payer = City.wallet("minji", 1_000);
        JsonObject bill = City.bill("minji", 120);
        String id = payer.submit(payer.pay(bill.getString("payee"), 120, bill.getString("bill_hash")))
                .json()
                .getString("id");
        City.finished(payer, id);

        Api.Answer answer = Api.get("/payment/authorisations/" + id + "/receipt", payer.token);
        assertEquals(200, answer.status());
        JWSObject receipt = JWSObject.parse(answer.body());
        var key = JWKSet.parse(Api.get("/payment/jwks", null).body())
                .getKeyByKeyId(receipt.getHeader().getKeyID());
        assertTrue(receipt.verify(new ECDSAVerifier(key.toECKey())));
        JsonObject claims = new JsonObject(receipt.getPayload().toString());
        var settled = City.contract().settlementOf(new Bytes32(id)).orElseThrow();
        assertEquals(settled.transactionHash(), claims.getString("transaction_hash"));
        assertEquals(settled.blockNumber(), claims.getLong("block_number"));
        assertEquals(City.contract().address(), claims.getString("contract"));
        assertEquals(bill.getString("bill_hash"), claims.getString("bill_hash"));
        assertEquals(120, claims.getLong("amount"));
        assertTrue(!claims.encode().contains(TestTokens.subject("minji")));
        assertEquals(
                200,
                Api.get("/payment/authorisations/" + id + "/receipt", TestTokens.client("city-hall"))
                        .status());
        assertEquals(
                404,
                Api.get("/payment/authorisations/" + id + "/receipt", TestTokens.user("junho"))
                        .status());
    }
}
