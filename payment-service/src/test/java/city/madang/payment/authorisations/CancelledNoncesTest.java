package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import city.madang.contracts.Bytes32;
import city.madang.contracts.NonceCancellation;
import city.madang.contracts.Outcome;
import city.madang.contracts.P256Signature;
import city.madang.contracts.PayAuthorisation;
import city.madang.contracts.RefusalReason;
import city.madang.contracts.SignedPayment;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

@PaymentTest
class CancelledNoncesTest {

    private static String path(Wallet wallet, PayAuthorisation pay) {
        return "/payment/accounts/" + wallet.account + "/cancelled-nonces/" + pay.nonce();
    }

    private static JsonObject signed(Wallet wallet, PayAuthorisation pay, ECKey key) {
        byte[] message = new NonceCancellation(new Bytes32(wallet.account), 1, pay.nonce()).message(Api.separator());
        return new JsonObject()
                .put("key_version", 1)
                .put("signature", Base64.getUrlEncoder().withoutPadding().encodeToString(Wallet.sign(key, message)));
    }

    @Test
    void what_its_holder_signed_away_settles_neither_here_nor_by_the_operator_on_the_ledger() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        Api.await(() -> payee.state().getString("state"), "open"::equals);
        PayAuthorisation pay = payer.pay(payee.account, 100, null);
        String path = path(payer, pay);
        assertEquals(404, Api.get(path, payer.token).status());
        assertEquals(
                "bad-signature",
                Api.put(path + "/signature", payer.token, signed(payer, pay, Wallet.newKey()))
                        .problem());
        assertEquals(
                404,
                Api.put(path + "/signature", payee.token, signed(payer, pay, payer.key))
                        .status());

        City.expect(202, Api.put(path + "/signature", payer.token, signed(payer, pay, payer.key)));

        assertEquals("nonce-used", payer.submit(pay).problem());
        Api.await(() -> Api.get(path, payer.token).json().getString("on_ledger"), "yes"::equals);
        City.expect(202, Api.put(path + "/signature", payer.token, signed(payer, pay, payer.key)));
        assertEquals("yes", Api.get(path, payer.token).json().getString("on_ledger"));
        P256Signature signature = P256Signature.of(Wallet.sign(payer.key, pay));
        Outcome outcome = City.contract()
                .settle(City.sender("payment-operator"), List.of(new SignedPayment(pay, signature)))
                .outcomes()
                .getFirst();
        assertEquals(
                RefusalReason.NONCE_USED,
                assertInstanceOf(Outcome.Refused.class, outcome).reason());
        assertEquals(1_000, payer.state().getLong("available"));
    }

    @Test
    void what_was_accepted_is_not_signed_away() {
        Wallet payer = City.wallet("minji", 1_000);
        PayAuthorisation pay = payer.pay(City.wallet("junho").account, 100, null);
        City.expect(201, payer.submit(pay));

        assertEquals(
                "nonce-used",
                Api.put(path(payer, pay) + "/signature", payer.token, signed(payer, pay, payer.key))
                        .problem());
        PayAuthorisation other = payer.pay(pay.to().hex(), 1, null);
        assertEquals(
                204, Api.put(path(payer, other), payer.token, new JsonObject()).status());
        assertEquals("no", Api.get(path(payer, other), payer.token).json().getString("on_ledger"));
    }
}
