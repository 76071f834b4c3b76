package city.madang.payment.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@PaymentTest
class AccountsTest {

    private static final String TYPE = "madang-account+jwt";
    private static final String AUDIENCE = "https://localhost:8443/payment";

    private static Api.Answer open(String user, String proof) {
        return Api.post("/payment/accounts", TestTokens.user(user), new JsonObject().put("proof", proof));
    }

    private static long accounts() {
        return City.number("select count(*) from account");
    }

    @Test
    void an_account_is_opened_for_a_proven_key_only() {
        ECKey key = Wallet.newKey();
        String subject = TestTokens.subject("minji");
        Instant now = Instant.now();
        String jti = UUID.randomUUID().toString();
        long before = accounts();
        for (String proof : new String[] {
            Wallet.proof(key, "JWT", AUDIENCE, subject, now, jti),
            Wallet.proof(key, TYPE, "https://elsewhere.example/payment", subject, now, jti),
            Wallet.proof(key, TYPE, AUDIENCE, TestTokens.subject("junho"), now, jti),
            Wallet.proof(key, TYPE, AUDIENCE, subject, now.minusSeconds(400), jti),
            Wallet.proof(key, TYPE, AUDIENCE, subject, now.plusSeconds(400), jti),
            Wallet.proof(key, TYPE, AUDIENCE, subject, now, "short"),
            Wallet.proof(key, TYPE, AUDIENCE, subject, now, "x".repeat(200)),
            tampered(Wallet.proof(key, subject)),
            "a.b.c",
            "",
            "x".repeat(4000)
        }) {
            Api.Answer answer = open("minji", proof);
            assertEquals(400, answer.status(), answer.toString());
            assertTrue(answer.isProblem());
        }
        assertEquals(400, open("minji", "x".repeat(5000)).status());
        assertEquals(before, accounts());
    }

    private static String tampered(String proof) {
        int end = proof.lastIndexOf('.') + 10;
        return proof.substring(0, end) + (proof.charAt(end) == 'A' ? 'B' : 'A') + proof.substring(end + 1);
    }

    @Test
    void a_proof_works_once_and_a_key_has_one_account() {
        ECKey key = Wallet.newKey();
        String proof = Wallet.proof(key, TestTokens.subject("minji"));
        Api.Answer first = open("minji", proof);
        assertEquals(201, first.status());

        assertEquals("proof-replayed", open("minji", proof).problem());
        Api.Answer again = open("minji", Wallet.proof(key, TestTokens.subject("minji")));
        assertEquals(200, again.status());
        assertEquals(first.json().getString("id"), again.json().getString("id"));
        assertEquals(
                "key-in-use",
                open("junho", Wallet.proof(key, TestTokens.subject("junho"))).problem());
    }

    @Test
    void an_account_is_used_at_once_and_open_on_the_chain_soon() {
        Wallet wallet = City.wallet("junho");
        JsonObject state =
                Api.await(wallet::state, found -> found.getString("state").equals("open"));

        assertEquals(1, state.getInteger("key_version"));
        assertEquals(0, state.getLong("balance"));
        assertTrue(City.contract()
                .account(new city.madang.contracts.Bytes32(wallet.account))
                .isPresent());
    }

    @Test
    void a_list_has_pages_and_only_the_callers_accounts() {
        City.wallet("junho");
        City.wallet("junho");
        String token = TestTokens.user("junho");
        JsonObject page = Api.get("/payment/accounts?limit=1", token).json();
        assertEquals(1, page.getJsonArray("items").size());
        JsonObject next = Api.get("/payment/accounts?limit=1&after=" + page.getString("next"), token)
                .json();
        assertTrue(!next.getJsonArray("items")
                .encode()
                .equals(page.getJsonArray("items").encode()));
        assertEquals(400, Api.get("/payment/accounts?limit=0", token).status());
        assertEquals(400, Api.get("/payment/accounts?limit=201", token).status());
        assertEquals(400, Api.get("/payment/accounts?after=x", token).status());
    }

    @Test
    void an_agency_registered_twice_has_one_account_that_only_receives() {
        String first = City.agency("transport");
        City.send(
                "madang.identity",
                "/identity-service",
                "agency.registered",
                "transport",
                new JsonObject().put("agency", "transport").put("name", new JsonObject().put("en", "Transport")));
        UUID marker = City.send(
                "madang.identity",
                "/identity-service",
                "agency.registered",
                "transport",
                new JsonObject().put("agency", "transport"));
        Api.await(() -> City.number("select count(*) from inbox where id = '" + marker + "'"), found -> found == 1);

        assertEquals(1, City.number("select count(*) from account where owner = 'transport' and x is null"));
        assertEquals(first, City.agency("transport"));
        JsonObject account = Api.get("/payment/accounts/" + first, TestTokens.client("transport"))
                .json();
        assertEquals(0, account.getInteger("key_version"));
    }
}
