package city.madang.identity;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A refresh token is good once, for the wallet that it was given to. */
@QuarkusTest
class RefreshTest {

    private final HaipWallet wallet = new HaipWallet();

    @Inject
    Pool pool;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    private Response granted() {
        Response tokens = wallet.token(wallet.exchange(wallet.code("minji")));
        tokens.then().statusCode(200);
        return tokens;
    }

    private static String refreshToken(Response tokens) {
        return tokens.then().statusCode(200).extract().path("refresh_token");
    }

    private static void refused(Response response) {
        response.then().statusCode(400).body("error", equalTo("invalid_grant"));
    }

    private boolean works(Response tokens) {
        return wallet.probe(tokens.path("access_token")).statusCode() != 401;
    }

    @Test
    void each_refresh_gives_new_tokens_of_the_same_grant() {
        Response first = granted();
        Response second = wallet.refresh(refreshToken(first));
        Response third = wallet.refresh(refreshToken(second));
        third.then().statusCode(200).body("token_type", equalTo("DPoP")).body("scope", equalTo("citizen"));
        assertNotEquals(refreshToken(first), refreshToken(second));
        assertNotEquals((String) first.path("access_token"), second.path("access_token"));
        assertEquals(true, works(third));
    }

    @Test
    void a_refresh_token_that_comes_back_later_ends_the_grant() {
        Response first = granted();
        Response second = wallet.refresh(refreshToken(first));
        Response third = wallet.refresh(refreshToken(second));
        assertEquals(true, works(third));

        refused(wallet.refresh(refreshToken(first)));

        assertEquals(false, works(third));
        refused(wallet.refresh(refreshToken(third)));
    }

    @Test
    void a_lost_answer_is_asked_for_again_at_once_but_not_later() {
        Response first = granted();
        Response lost = wallet.refresh(refreshToken(first));
        Response again = wallet.refresh(refreshToken(first));
        assertEquals(true, works(again));
        // whichever of the two answers arrived, it goes on from there
        Response third = wallet.refresh(refreshToken(again));
        assertEquals(true, works(third));
        assertEquals(true, works(wallet.refresh(refreshToken(lost))));

        pool.query("update wallet_grant set rotated_at = rotated_at - interval '61 seconds'")
                .execute()
                .await()
                .indefinitely();
        refused(wallet.refresh(refreshToken(again)));
        assertEquals(false, works(third), "now it looks like a theft");
    }

    /** RFC 9449 §5: the refresh token of a client that authenticates is bound by that, and each access token to the key of its request. */
    @Test
    void an_attested_wallet_may_have_new_tokens_bound_to_another_key() {
        Response first = granted();
        HaipWallet otherKey = new HaipWallet();
        Response second = wallet.attested()
                .header("DPoP", otherKey.dpop("/identity/token", null))
                .formParam("grant_type", "refresh_token")
                .formParam("refresh_token", refreshToken(first))
                .post("/identity/token");
        second.then().statusCode(200).body("token_type", equalTo("DPoP"));
        String access = second.path("access_token");
        otherKey.probe(access).then().statusCode(400).body("error", equalTo("invalid_credential_request"));
        wallet.probe(access).then().statusCode(401).body("error", equalTo("invalid_token"));
        // and what was given before stays with the key that it was given for
        String before = first.path("access_token");
        wallet.probe(before).then().statusCode(400).body("error", equalTo("invalid_credential_request"));
        otherKey.probe(before).then().statusCode(401).body("error", equalTo("invalid_token"));
    }

    @Test
    void a_stolen_refresh_token_is_worth_nothing_without_the_wallet_s_keys() {
        Response first = granted();
        String token = refreshToken(first);
        HaipWallet thief = new HaipWallet();
        refused(thief.refresh(token));
        // the thief has an attested key of her own, and even the DPoP key
        refused(thief.attested()
                .header("DPoP", wallet.dpop("/identity/token", null))
                .formParam("grant_type", "refresh_token")
                .formParam("refresh_token", token)
                .post("/identity/token"));
        wallet.attested()
                .formParam("grant_type", "refresh_token")
                .formParam("refresh_token", token)
                .post("/identity/token")
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_request"));
        io.restassured.RestAssured.given()
                .header("DPoP", wallet.dpop("/identity/token", null))
                .formParam("grant_type", "refresh_token")
                .formParam("refresh_token", token)
                .post("/identity/token")
                .then()
                .statusCode(401)
                .body("error", equalTo("invalid_client"));
        HaipWallet otherClient = new HaipWallet();
        otherClient.clientId = "https://other.example";
        refused(otherClient.refresh(token));
        refused(wallet.refresh("made-up"));
        refused(wallet.refresh(first.path("access_token")));

        // and none of that harmed its owner
        assertEquals(true, works(wallet.refresh(token)));
    }

    @Test
    void refreshes_at_the_same_moment_leave_a_grant_that_goes_on() throws Exception {
        String token = refreshToken(granted());
        List<Future<Response>> sent = new ArrayList<>();
        try (ExecutorService senders = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < 6; i++) {
                sent.add(senders.submit(() -> wallet.refresh(token)));
            }
        }
        for (Future<Response> each : sent) {
            each.get().then().statusCode(200);
        }
        assertEquals(true, works(wallet.refresh(refreshToken(sent.getLast().get()))));
    }

    @Test
    void a_wallet_that_redeemed_an_offer_with_a_key_may_come_back_for_it() {
        var announced = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(announced));
        Response tokens = io.restassured.RestAssured.given()
                .header("DPoP", wallet.dpop("/identity/token", null))
                .formParam("grant_type", TestWallet.GRANT)
                .formParam("pre-authorized_code", code)
                .formParam("tx_code", announced.get("tx_code"))
                .post("/identity/token");
        Response refreshed = io.restassured.RestAssured.given()
                .header("DPoP", wallet.dpop("/identity/token", null))
                .formParam("grant_type", "refresh_token")
                .formParam("refresh_token", refreshToken(tokens))
                .post("/identity/token");
        assertEquals(true, works(refreshed));
    }
}
