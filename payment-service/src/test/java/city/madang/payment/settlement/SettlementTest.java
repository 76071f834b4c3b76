package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.KeyRotation;
import city.madang.contracts.P256Signature;
import city.madang.contracts.PayAuthorisation;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

@PaymentTest
class SettlementTest {

    private static String billState(JsonObject bill, Wallet wallet) {
        return Api.get("/payment/bills/" + bill.getString("id"), wallet.token)
                .json()
                .getString("state");
    }

    @Test
    void what_the_contract_refuses_is_reversed_and_its_bill_is_open_again() {
        Wallet payer = City.wallet("minji", 5_000);
        Wallet other = City.wallet("minji", 5_000);
        JsonObject bill = City.bill("minji", 900);
        City.contract().freeze(City.sender("payment-operator"), new Bytes32(payer.account));

        String id = payer.submit(payer.pay(bill.getString("payee"), 900, bill.getString("bill_hash")))
                .json()
                .getString("id");
        JsonObject reversed = City.finished(payer, id);

        assertEquals("reversed", reversed.getString("state"));
        assertEquals("frozen", reversed.getString("reason"));
        assertEquals("open", billState(bill, payer));
        assertEquals(5_000, payer.state().getLong("available"));
        Api.await(
                () -> payer.submit(payer.pay(other.account, 1, null)),
                a -> a.status() == 409 && a.problem().equals("frozen"));
        String second = other.submit(other.pay(bill.getString("payee"), 900, bill.getString("bill_hash")))
                .json()
                .getString("id");
        assertEquals("settled", City.finished(other, second).getString("state"));
        assertEquals("paid", billState(bill, other));
        assertEquals(
                "not-settled",
                Api.get("/payment/authorisations/" + id + "/receipt", payer.token)
                        .problem());
    }

    @Test
    void an_authorisation_of_a_replaced_key_dies_and_the_new_key_pays() {
        Wallet payer = City.wallet("minji", 5_000);
        Wallet payee = City.wallet("junho");
        ECKey next = Wallet.newKey();
        KeyRotation rotation = new KeyRotation(
                new Bytes32(payer.account),
                1,
                Bytes32.of(next.getX().decodeToBigInteger()),
                Bytes32.of(next.getY().decodeToBigInteger()));
        City.contract()
                .rotateKey(
                        City.sender("records-anchor"),
                        rotation,
                        P256Signature.of(Wallet.sign(payer.key, rotation.message(Api.separator()))));

        String id = payer.submit(payer.pay(payee.account, 10, null)).json().getString("id");
        assertEquals("wrong-key-version", City.finished(payer, id).getString("reason"));

        PayAuthorisation old = payer.pay(payee.account, 20, null);
        PayAuthorisation pay = new PayAuthorisation(
                old.from(), 2, old.to(), 20, old.billHash(), old.nonce(), old.validAfter(), old.validBefore());
        Api.Answer accepted = Api.await(
                () -> Api.post("/payment/authorisations", payer.token, Wallet.body(pay, Wallet.sign(next, pay))),
                answer -> answer.status() == 201 || answer.status() == 200);
        assertEquals(
                "settled", City.finished(payer, accepted.json().getString("id")).getString("state"));
        assertEquals(4_980, payer.state().getLong("balance"));
    }

    @Test
    void a_key_replaced_on_the_contract_pays_and_a_lost_answer_of_the_old_one_can_still_be_had() {
        Wallet payer = City.wallet("minji", 5_000);
        Wallet payee = City.wallet("junho");
        JsonObject before = payer.signed(payer.pay(payee.account, 10, null));
        Api.Answer first = City.expect(201, Api.post("/payment/authorisations", payer.token, before));
        City.finished(payer, first.json().getString("id"));
        ECKey next = Wallet.newKey();
        KeyRotation rotation = new KeyRotation(
                new Bytes32(payer.account),
                1,
                Bytes32.of(next.getX().decodeToBigInteger()),
                Bytes32.of(next.getY().decodeToBigInteger()));
        City.contract()
                .rotateKey(
                        City.sender("records-anchor"),
                        rotation,
                        P256Signature.of(Wallet.sign(payer.key, rotation.message(Api.separator()))));

        PayAuthorisation old = payer.pay(payee.account, 20, null);
        PayAuthorisation pay = new PayAuthorisation(
                old.from(), 2, old.to(), 20, old.billHash(), old.nonce(), old.validAfter(), old.validBefore());
        Api.await(
                () -> Api.post("/payment/authorisations", payer.token, Wallet.body(pay, Wallet.sign(next, pay))),
                answer -> answer.status() == 201);

        Api.Answer again = Api.post("/payment/authorisations", payer.token, before);
        assertEquals(200, again.status());
        assertTrue(again.replayed());
        assertEquals(first.body(), again.body());
        assertEquals(
                "wrong-key-version",
                payer.submit(payer.pay(payee.account, 30, null)).problem());
    }

    @Test
    void an_account_unfrozen_on_the_contract_pays_again() {
        Wallet payer = City.wallet("minji", 5_000);
        Wallet payee = City.wallet("junho");
        City.contract().freeze(City.sender("payment-operator"), new Bytes32(payer.account));
        Api.await(
                () -> City.query("select frozen from account where id = '" + payer.account + "'"),
                found -> found.getFirst().equals("t"));
        assertEquals("frozen", payer.submit(payer.pay(payee.account, 1, null)).problem());

        City.contract().unfreeze(City.sender("payment-operator"), new Bytes32(payer.account));

        Api.await(() -> payer.submit(payer.pay(payee.account, 1, null)), answer -> answer.status() == 201);
    }

    @Test
    void hundreds_of_payments_settle_in_batches_and_database_and_contract_agree() {
        Wallet payer = City.wallet("minji", 100_000);
        Wallet payee = City.wallet("junho");
        var sent = java.util.stream.IntStream.range(0, 450)
                .mapToObj(i -> Api.postAsync(
                        "/payment/authorisations",
                        payer.token,
                        payer.signed(payer.pay(payee.account, 1 + i % 7, null))))
                .toList();
        assertTrue(sent.stream().allMatch(answer -> answer.join().status() == 201));

        Api.await(
                () -> City.number(
                        "select count(*) from transfer where state = 'accepted' and payer = '" + payer.account + "'"),
                waiting -> waiting == 0);

        assertEquals(
                0,
                City.number(
                        "select count(*) from transfer where state <> 'settled' and payer = '" + payer.account + "'"));
        assertEquals(
                payer.state().getLong("balance"),
                City.contract()
                        .account(new Bytes32(payer.account))
                        .orElseThrow()
                        .balance());
        assertEquals(
                payee.state().getLong("balance"),
                City.contract()
                        .account(new Bytes32(payee.account))
                        .orElseThrow()
                        .balance());
    }
}
