package city.madang.payment.receipts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

@PaymentTest
class ReceiptsTest {

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
