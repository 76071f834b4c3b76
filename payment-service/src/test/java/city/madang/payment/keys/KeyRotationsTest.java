package city.madang.payment.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.KeyRotation;
import city.madang.contracts.PayAuthorisation;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import org.junit.jupiter.api.Test;

@PaymentTest
class KeyRotationsTest {

    private static JsonObject request(Wallet wallet, ECKey signer, ECKey next, long version) {
        KeyRotation rotation = new KeyRotation(
                new Bytes32(wallet.account),
                version,
                Bytes32.of(next.getX().decodeToBigInteger()),
                Bytes32.of(next.getY().decodeToBigInteger()));
        byte[] signature = Wallet.sign(signer, rotation.message(Api.separator()));
        return new JsonObject()
                .put("key_version", version)
                .put("proof", Wallet.proof(next, TestTokens.subject("minji")))
                .put("signature", Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
    }

    private static Api.Answer put(Wallet wallet, JsonObject body) {
        return Api.put("/payment/accounts/" + wallet.account + "/key", wallet.token, body);
    }

    private static PayAuthorisation withVersion(PayAuthorisation pay, long version) {
        return new PayAuthorisation(
                pay.from(),
                version,
                pay.to(),
                pay.amount(),
                pay.billHash(),
                pay.nonce(),
                pay.validAfter(),
                pay.validBefore());
    }

    @Test
    void the_present_key_names_the_next_and_what_it_had_paid_still_settles() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        ECKey next = Wallet.newKey();
        String before = City.expect(201, payer.submit(payer.pay(payee.account, 10, null)))
                .json()
                .getString("id");
        String held = City.expect(201, payer.submit(payer.hold(payee.account, 20, null, 600)))
                .json()
                .getString("id");

        assertEquals(202, put(payer, request(payer, payer.key, next, 1)).status());

        assertEquals("settled", City.finished(payer, before).getString("state"));
        Api.await(() -> payer.state().getInteger("key_version"), version -> version == 2);
        assertEquals(
                "wrong-key-version",
                payer.submit(payer.pay(payee.account, 1, null)).problem());
        PayAuthorisation anew = withVersion(payer.pay(payee.account, 30, null), 2);
        Api.Answer paid = Api.await(
                () -> Api.post("/payment/authorisations", payer.token, Wallet.body(anew, Wallet.sign(next, anew))),
                answer -> !answer.isProblem() || !answer.problem().equals("key-changing"));
        assertEquals(201, paid.status(), paid.toString());
        assertEquals(
                "settled", City.finished(payer, paid.json().getString("id")).getString("state"));
        // what the old key had held can't be taken any more
        assertEquals(
                "wrong-key-version",
                Api.post("/payment/authorisations/" + held + "/capture", payee.token, payee.capture(held, 20))
                        .problem());
    }

    @Test
    void a_new_key_that_the_present_one_has_not_signed_is_refused() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet other = City.wallet("junho");
        ECKey next = Wallet.newKey();

        assertEquals("bad-signature", put(payer, request(payer, next, next, 1)).problem());
        assertEquals(
                "bad-signature", put(payer, request(payer, other.key, next, 1)).problem());
        JsonObject swapped = request(payer, payer.key, next, 1)
                .put("proof", Wallet.proof(Wallet.newKey(), TestTokens.subject("minji")));
        assertEquals("bad-signature", put(payer, swapped).problem());
        assertEquals(
                "wrong-key-version",
                put(payer, request(payer, payer.key, next, 2)).problem());
        assertEquals(
                "invalid-proof",
                put(payer, request(payer, payer.key, next, 1).put("proof", "x.y.z"))
                        .problem());
        assertEquals(
                "key-in-use",
                put(payer, request(payer, payer.key, other.key, 1)).problem());
        assertEquals(
                404,
                Api.put(
                                "/payment/accounts/" + payer.account + "/key",
                                TestTokens.user("junho"),
                                request(payer, payer.key, next, 1)
                                        .put("proof", Wallet.proof(next, TestTokens.subject("junho"))))
                        .status());
        assertEquals(1, payer.state().getInteger("key_version"));
        assertTrue(payer.submit(payer.pay(other.account, 1, null)).status() == 201);
    }
}
