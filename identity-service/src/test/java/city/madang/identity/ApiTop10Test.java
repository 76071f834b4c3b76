package city.madang.identity;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.devstack.testing.ForgedTokens;
import city.madang.devstack.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Attacks of the OWASP API Security Top 10 (2023) through HTTP; the table of docs/threat-model.md names the others. */
@QuarkusTest
@Tag("api-top-10")
class ApiTop10Test {

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    /** API1, broken object level authorization: what an agency asked, issued or offers is for it and its holder alone. */
    @Test
    void what_is_anothers_is_as_if_it_were_not_there() {
        Object offer = TestWallet.residencyOffer().get("id");
        Object asked = TestCity.agency("city-hall")
                .body(Map.of("dcql_query", TestVerification.STREET_AND_DISTRICT))
                .post("/identity/presentations")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String absent = "00000000-0000-4000-8000-000000000000";

        for (String path : List.of("/identity/presentations/%s", "/identity/presentations/%s/result")) {
            assertEquals(answer("transport", path, absent), answer("transport", path, asked), path);
        }
        String read = TestCity.citizen("junho")
                .get("/identity/credential-offers/" + offer)
                .then()
                .statusCode(404)
                .extract()
                .path("detail");
        TestCity.citizen("junho")
                .get("/identity/credential-offers/" + absent)
                .then()
                .statusCode(404)
                .body("detail", equalTo(read));
        TestCity.citizen("junho")
                .body(Map.of())
                .post("/identity/credential-offers/" + offer + "/renewal")
                .then()
                .statusCode(404);
        TestCity.citizen("minji")
                .get("/identity/credential-offers/" + offer)
                .then()
                .statusCode(200)
                .body("state", equalTo("offered"));
    }

    private static String answer(String agency, String path, Object id) {
        return TestCity.agency(agency)
                .get(path.formatted(id))
                .then()
                .statusCode(404)
                .extract()
                .path("detail");
    }

    /** API2, broken authentication. */
    @Test
    void no_forged_token_is_believed() {
        String path = "/identity/credential-offers";
        TestCity.citizen("minji").get(path).then().statusCode(200);
        ForgedTokens.of("minji")
                .forEach((forgery, token) ->
                        assertEquals(401, TestCity.as(token).get(path).statusCode(), forgery));
    }

    /** API3, broken object property level authorization: mass assignment. */
    @Test
    void no_member_is_taken_that_is_not_the_callers_to_set() {
        Map<String, Object> good = Map.of(
                "credential_configuration_id",
                "residency",
                "holder",
                TestTokens.subject("minji"),
                "claims",
                Map.of("district", "중구"));
        for (String member : List.of("id", "state", "agency", "tx_code", "expires_at", "application")) {
            refused("POST", "/identity/credential-offers", TestTokens.client("city-hall"), with(good, member));
        }
        Map<String, Object> name = Map.of("name", Map.of("ko", "가", "en", "a"));
        for (String member : List.of("revoked", "certificates", "did")) {
            refused("PUT", "/identity/agencies/transport", TestTokens.user("officer.cityhall"), with(name, member));
        }
        Map<String, Object> query = Map.of("dcql_query", TestVerification.STREET_AND_DISTRICT);
        for (String member : List.of("id", "state", "nonce", "client_id", "agency")) {
            refused("POST", "/identity/presentations", TestTokens.client("transport"), with(query, member));
        }
    }

    private static Map<String, Object> with(Map<String, Object> body, String member) {
        Map<String, Object> more = new HashMap<>(body);
        more.put(member, "forged");
        return more;
    }

    private static void refused(String method, String path, String token, Map<String, Object> body) {
        var answer = TestCity.as(token).body(body).request(method, path);
        assertEquals(400, answer.statusCode(), body + ": " + answer.asString());
    }
}
