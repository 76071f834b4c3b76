package city.madang.identity;

import static city.madang.identity.WalletSession.refused;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.ECKey;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A wallet asks for what an agency has yet to decide, and comes back for it (OpenID4VCI 1.0 clause 9). */
@QuarkusTest
class DeferredIssuanceTest {

    private static final String DEFERRED = "/identity/deferred-credential";

    private final List<ECKey> keys = WalletSession.keys(2);
    private String type;
    private WalletSession session;

    @BeforeEach
    void signedIn() {
        TestCity.register("city-hall");
        TestCity.register("transport");
        type = TestTypes.declare("deferred", false);
        session = WalletSession.signIn("minji", type);
    }

    private Response ask() {
        return session.jwt(type, WalletSession.proofs(TestWallet.nonce(), keys));
    }

    private String transaction() {
        return ask().then()
                .statusCode(202)
                .body("interval", greaterThan(0))
                .body("transaction_id", matchesPattern("[A-Za-z0-9_-]{43}"))
                .extract()
                .path("transaction_id");
    }

    private Response fetch(String transaction) {
        return session.post(DEFERRED, Map.of("transaction_id", transaction));
    }

    private String pending(String agency) {
        return TestCity.agency(agency)
                .get("/identity/credential-requests?limit=200")
                .then()
                .statusCode(200)
                .extract()
                .path("items.find { it.credential_configuration_id == '" + type + "' }?.id");
    }

    private static Response decide(String agency, String id, String how, Map<String, Object> body) {
        return TestCity.agency(agency).body(body).post("/identity/credential-requests/" + id + "/" + how);
    }

    private static final Map<String, Object> CLAIMS = Map.of("claims", Map.of("name", "민지"));

    @Test
    void it_is_pending_until_the_agency_decides_and_then_fetched_once() {
        String transaction = transaction();
        fetch(transaction)
                .then()
                .statusCode(202)
                .header("Cache-Control", "no-store")
                .body("transaction_id", equalTo(transaction))
                .body("interval", greaterThan(0));
        String id = pending("city-hall");
        decide("city-hall", id, "claims", CLAIMS).then().statusCode(204);
        List<String> credentials = fetch(transaction)
                .then()
                .statusCode(200)
                .body("credentials", hasSize(2))
                .extract()
                .path("credentials.credential");
        refused(fetch(transaction), 400, "invalid_transaction_id");
        // a lost answer is given again for the same keys
        assertEquals(credentials, ask().then().statusCode(200).extract().path("credentials.credential"));
        assertEquals(null, pending("city-hall"), "nothing waits for the agency any more");
        decide("city-hall", id, "claims", CLAIMS).then().statusCode(409);
    }

    @Test
    void what_the_agency_refuses_is_denied_for_good() {
        String transaction = transaction();
        String id = pending("city-hall");
        decide("city-hall", id, "refusal", Map.of("reason", "not registered here"))
                .then()
                .statusCode(204);
        Response denied = fetch(transaction);
        refused(denied, 400, "credential_request_denied");
        assertTrue(!denied.asString().contains("not registered here"), "the reason is the agency's own");
        decide("city-hall", id, "claims", CLAIMS).then().statusCode(409);
        refused(fetch(transaction), 400, "credential_request_denied");
    }

    @Test
    void nothing_waits_for_an_agency_that_is_revoked() {
        TestAgency agency = TestAgency.onboarded();
        String pass = agency.type();
        WalletSession wallet = WalletSession.signIn("minji", pass);
        String transaction = wallet.jwt(pass, WalletSession.proofs(TestWallet.nonce(), List.of(keys.getFirst())))
                .then()
                .statusCode(202)
                .extract()
                .path("transaction_id");
        TestAgency.registrar()
                .body(Map.of("reason", "ceased"))
                .post(agency.path("/standing/revocation"))
                .then()
                .statusCode(200);
        refused(wallet.post(DEFERRED, Map.of("transaction_id", transaction)), 400, "credential_request_denied");
    }

    @Test
    void asked_again_it_is_the_same_request_and_only_the_last_transaction_counts() {
        String first = transaction();
        String second = transaction();
        assertNotEquals(first, second);
        refused(fetch(first), 400, "invalid_transaction_id");
        fetch(second).then().statusCode(202);
        List<String> ids = TestCity.agency("city-hall")
                .get("/identity/credential-requests?limit=200")
                .then()
                .extract()
                .path("items.findAll { it.credential_configuration_id == '" + type + "' }?.id");
        assertEquals(1, ids.size());
    }

    @Test
    void a_transaction_of_another_grant_is_as_unknown_as_any() {
        String transaction = transaction();
        WalletSession other = WalletSession.signIn("minji", type);
        Response foreign = other.post(DEFERRED, Map.of("transaction_id", transaction));
        refused(foreign, 400, "invalid_transaction_id");
        Response absent = other.post(DEFERRED, Map.of("transaction_id", "8xLOxBtZp8Y4H1p6rFzQ0A"));
        refused(absent, 400, "invalid_transaction_id");
        assertEquals(absent.asString(), foreign.asString());
        fetch(transaction).then().statusCode(202);
    }

    @Test
    void another_agency_neither_sees_nor_decides_it() {
        transaction();
        String id = pending("city-hall");
        assertEquals(null, pending("transport"));
        String absent = UUID.randomUUID().toString();
        for (Map.Entry<String, Map<String, Object>> how : Map.<String, Map<String, Object>>of(
                        "claims", CLAIMS, "refusal", Map.of("reason", "a"))
                .entrySet()) {
            Response foreign = decide("transport", id, how.getKey(), how.getValue());
            foreign.then().statusCode(404);
            assertEquals(
                    decide("transport", absent, how.getKey(), how.getValue()).<String>path("detail"),
                    foreign.path("detail"));
        }
        decide("city-hall", id, "claims", Map.of("claims", Map.of("shoe_size", 42)))
                .then()
                .statusCode(400);
        decide("city-hall", id, "claims", Map.of("claims", Map.of("since", "2020-01-01")))
                .then()
                .statusCode(400); // the mandatory one is missing
        decide("city-hall", id, "claims", CLAIMS).then().statusCode(204);
    }

    @Test
    void requests_that_are_not_right_are_refused() {
        refused(session.post(DEFERRED, Map.of()), 400, "invalid_credential_request");
        refused(session.post(DEFERRED, Map.of("transaction_id", 7)), 400, "invalid_credential_request");
        refused(session.post(DEFERRED, "[]"), 400, "invalid_credential_request");
        refused(
                session.post(DEFERRED, "{\"transaction_id\":\"a\",\"transaction_id\":\"b\"}"),
                400,
                "invalid_credential_request");
        refused(session.post(DEFERRED, Map.of("transaction_id", "x".repeat(10_000))), 400, "invalid_transaction_id");
        new WalletSession("unknown", null)
                .post(DEFERRED, Map.of("transaction_id", "a"))
                .then()
                .statusCode(401);
    }

    @Test
    void a_replayed_nonce_defers_nothing() {
        String nonce = TestWallet.nonce();
        session.jwt(type, WalletSession.proofs(nonce, keys)).then().statusCode(202);
        refused(session.jwt(type, WalletSession.proofs(nonce, keys)), 400, "invalid_nonce");
    }
}
