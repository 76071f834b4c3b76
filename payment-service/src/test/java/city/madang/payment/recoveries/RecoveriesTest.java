package city.madang.payment.recoveries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.LedgerAccount;
import city.madang.contracts.PayAuthorisation;
import city.madang.contracts.RecoveryVeto;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.authorisations.Events;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lost key, from the request to the new key, and all that stops it. The test's ledger has a delay of two seconds. */
@PaymentTest
class RecoveriesTest {

    private static final String PATH = "/payment/recoveries/";
    private static final String REGISTRAR = TestTokens.user("officer.cityhall");
    private static final JsonObject NOTHING = new JsonObject();

    private static String request(Wallet wallet, ECKey next) {
        return City.expect(
                        201,
                        Api.post(
                                "/payment/accounts/" + wallet.account + "/recoveries",
                                wallet.token,
                                new JsonObject().put("proof", Wallet.proof(next, TestTokens.subject("minji")))))
                .json()
                .getString("id");
    }

    private static Api.Answer propose(String id, String holder) {
        return Api.post(PATH + id + "/proposal", REGISTRAR, new JsonObject().put("holder", holder));
    }

    /** Requested and proposed. */
    private static String proposed(Wallet wallet, ECKey next) {
        String id = request(wallet, next);
        City.expect(200, propose(id, TestTokens.subject("minji")));
        return id;
    }

    private static Api.Answer approve(String id, String officer) {
        return Api.post(PATH + id + "/approval", TestTokens.user(officer), NOTHING);
    }

    private static JsonObject get(String id) {
        return Api.get(PATH + id, null).json();
    }

    private static JsonObject once(String id, String state) {
        return Api.await(() -> get(id), found -> state.equals(found.getString("state")));
    }

    private static Api.Answer finish(String id, String token) {
        return Api.post(PATH + id + "/finish", token, NOTHING);
    }

    private static JsonObject veto(Wallet wallet, String id, ECKey signer) {
        JsonObject recovery = Api.await(() -> get(id), found -> found.getInteger("number") != null);
        RecoveryVeto veto = new RecoveryVeto(
                new Bytes32(wallet.account),
                recovery.getLong("key_version"),
                recovery.getLong("number"),
                new Bytes32(recovery.getJsonObject("new_key").getString("x")),
                new Bytes32(recovery.getJsonObject("new_key").getString("y")));
        return new JsonObject()
                .put("key_version", recovery.getLong("key_version"))
                .put(
                        "signature",
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(Wallet.sign(signer, veto.message(Api.separator()))));
    }

    private static long keyVersion(Wallet wallet) {
        return City.contract()
                .account(new Bytes32(wallet.account))
                .map(LedgerAccount::keyVersion)
                .orElseThrow();
    }

    @Test
    void a_lost_key_is_replaced_by_authority_agencies_and_time_and_the_old_one_pays_no_more() {
        Wallet wallet = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        String held = City.expect(201, wallet.submit(wallet.hold(payee.account, 20, null, 600)))
                .json()
                .getString("id");
        ECKey next = Wallet.newKey();

        String id = request(wallet, next);
        assertEquals("requested", get(id).getString("state"));
        assertEquals("holder-mismatch", propose(id, TestTokens.subject("junho")).problem());
        City.expect(200, propose(id, TestTokens.subject("minji")));
        City.expect(200, propose(id, TestTokens.subject("minji")));
        assertEquals("same-officer", approve(id, "officer.cityhall").problem());
        City.expect(200, approve(id, "officer.transport"));
        City.expect(200, approve(id, "officer.transport"));
        Api.await(() -> get(id).getInteger("approvals"), count -> count == 1);
        assertEquals("proposed", get(id).getString("state"));
        assertEquals(409, finish(id, wallet.token).status());
        City.expect(200, approve(id, "treasurer.a"));
        JsonObject approved = once(id, "approved");
        assertEquals(2, approved.getInteger("approvals_needed"));
        assertEquals(1, keyVersion(wallet));
        Api.await(() -> finish(id, wallet.token), answer -> answer.status() == 202);
        once(id, "finished");

        Api.await(() -> wallet.state().getInteger("key_version"), version -> version == 2);
        assertEquals(2, keyVersion(wallet));
        assertEquals(
                "wrong-key-version",
                wallet.submit(wallet.pay(payee.account, 1, null)).problem());
        assertEquals(
                "wrong-key-version",
                Api.post("/payment/authorisations/" + held + "/capture", payee.token, payee.capture(held, 20))
                        .problem());
        PayAuthorisation pay = wallet.pay(payee.account, 30, null);
        PayAuthorisation anew = new PayAuthorisation(
                pay.from(),
                2,
                pay.to(),
                pay.amount(),
                pay.billHash(),
                pay.nonce(),
                pay.validAfter(),
                pay.validBefore());
        Api.Answer paid = Api.post("/payment/authorisations", wallet.token, Wallet.body(anew, Wallet.sign(next, anew)));
        assertEquals(201, paid.status(), paid.toString());
        assertEquals(
                "settled", City.finished(wallet, paid.json().getString("id")).getString("state"));
        List<String> told = Api.await(() -> Events.about(wallet.account), events -> events.size() >= 3).stream()
                .map(Events.Told::type)
                .toList();
        assertEquals(List.of("recovery.proposed", "recovery.approved", "recovery.finished"), told);
    }

    @Test
    void the_key_that_was_thought_lost_says_no() {
        Wallet wallet = City.wallet("minji", 100);
        String id = proposed(wallet, Wallet.newKey());
        City.expect(200, approve(id, "officer.transport"));
        City.expect(200, approve(id, "treasurer.b"));
        once(id, "approved");

        assertEquals(
                "bad-signature",
                Api.post(PATH + id + "/veto", wallet.token, veto(wallet, id, Wallet.newKey()))
                        .problem());
        assertEquals(
                404,
                Api.post(PATH + id + "/veto", TestTokens.user("junho"), veto(wallet, id, wallet.key))
                        .status());
        City.expect(202, Api.post(PATH + id + "/veto", wallet.token, veto(wallet, id, wallet.key)));

        once(id, "vetoed");
        assertEquals(409, finish(id, REGISTRAR).status());
        assertEquals(409, approve(id, "officer.transport").status());
        assertEquals(1, keyVersion(wallet));
        assertEquals(
                201,
                wallet.submit(wallet.pay(City.wallet("junho").account, 1, null)).status());
    }

    @Test
    void nobody_alone_replaces_a_key() throws Exception {
        Wallet wallet = City.wallet("minji", 100);
        ECKey next = Wallet.newKey();
        JsonObject proof = new JsonObject().put("proof", Wallet.proof(next, TestTokens.subject("junho")));
        assertEquals(
                404,
                Api.post("/payment/accounts/" + wallet.account + "/recoveries", TestTokens.user("junho"), proof)
                        .status());
        JsonObject taken = new JsonObject().put("proof", Wallet.proof(wallet.key, TestTokens.subject("minji")));
        assertEquals(
                "key-in-use",
                Api.post("/payment/accounts/" + wallet.account + "/recoveries", wallet.token, taken)
                        .problem());
        String first = request(wallet, Wallet.newKey());
        assertEquals(409, approve(first, "officer.transport").status());
        String id = request(wallet, next);
        assertEquals("overtaken", get(first).getString("state"));
        City.expect(200, propose(id, TestTokens.subject("minji")));
        JsonObject again = new JsonObject().put("proof", Wallet.proof(Wallet.newKey(), TestTokens.subject("minji")));
        assertEquals(
                "recovery-open",
                Api.post("/payment/accounts/" + wallet.account + "/recoveries", wallet.token, again)
                        .problem());
        assertEquals(404, finish(id, TestTokens.user("junho")).status());
        // nor in the database
        String proposer = City.query("select proposed_by from recovery where id = '" + id + "'")
                .getFirst();
        assertThrows(
                SQLException.class,
                () -> City.execute("insert into recovery_approval (recovery, agency, officer) values ('" + id
                        + "', 'treasury', '" + proposer + "')"));

        City.expect(202, Api.post(PATH + id + "/withdrawal", REGISTRAR, NOTHING));

        once(id, "withdrawn");
        assertEquals(1, keyVersion(wallet));
    }

    @Test
    void what_the_offices_do_on_the_ledger_by_themselves_is_followed() {
        Wallet wallet = City.wallet("minji", 100);
        Api.await(() -> wallet.state().getString("state"), "open"::equals);
        ECKey next = Wallet.newKey();
        Bytes32 account = new Bytes32(wallet.account);
        var contract = City.contract();
        contract.proposeRecovery(
                City.sender("identity-authority"),
                account,
                Bytes32.of(next.getX().decodeToBigInteger()),
                Bytes32.of(next.getY().decodeToBigInteger()));
        long number = contract.recovery(account).orElseThrow().number();
        contract.approveRecovery(City.sender("agency-city-hall"), account, number);
        contract.approveRecovery(City.sender("agency-treasury"), account, number);
        Api.await(
                () -> {
                    try {
                        contract.finishRecovery(City.sender("agency-treasury"), account, number);
                        return true;
                    } catch (ChainException.Reverted early) {
                        return false;
                    }
                },
                done -> done);

        // the reconciler finds the new key
        Api.await(() -> wallet.state().getInteger("key_version"), version -> version == 2);
        assertEquals(
                next.getX().decodeToBigInteger(),
                new Bytes32(City.query("select x from account where id = '" + wallet.account + "'")
                                .getFirst())
                        .unsigned());
        assertEquals(
                "wrong-key-version",
                wallet.submit(wallet.pay(City.wallet("junho").account, 1, null)).problem());
    }
}
