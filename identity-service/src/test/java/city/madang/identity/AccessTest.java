package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.HttpClientConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AccessTest {

    /** All that may be called without signing in. What is not here must refuse; a new operation is refused or noticed. */
    private static final Set<String> PUBLIC = Set.of(
            "get /.well-known/jwt-vc-issuer/identity",
            "get /.well-known/oauth-authorization-server/identity",
            "get /.well-known/openid-credential-issuer/identity",
            "get /identity/agencies",
            "get /identity/agencies/{agency}",
            "get /identity/agencies/{agency}/did.json",
            "get /identity/agencies/{agency}/rights",
            "get /identity/trust-list",
            "get /identity/iaca",
            "get /identity/iaca/{number}/crl",
            "get /identity/credential-types",
            "get /identity/jwks",
            "get /identity/vct/{name}",
            "get /identity/offer/{id}",
            "post /identity/token",
            "post /identity/par",
            "post /identity/challenge",
            "get /identity/authorize",
            "get /identity/authorize/callback",
            "post /identity/authorize/consent",
            "post /identity/nonce",
            "post /identity/credential",
            "post /identity/deferred-credential",
            "post /identity/notification",
            "get /identity/request/{id}",
            "post /identity/request/{id}",
            "get /identity/present/{id}",
            "get /identity/present/{id}/return",
            "get /identity/present/{id}/state",
            "get /identity/presentations/{id}/qr",
            "post /identity/response/{id}",
            "get /identity/status-lists",
            "get /identity/status-lists/{id}");

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    @Test
    void every_operation_that_is_not_public_refuses_every_caller_without_the_right_token() {
        Map<String, Map<String, Object>> paths = given().accept("application/json")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .extract()
                .path("paths");
        Set<String> seen = new LinkedHashSet<>();
        Set<String> guarded = new LinkedHashSet<>();
        paths.forEach((path, operations) -> operations.keySet().stream()
                .filter(method ->
                        Set.of("get", "put", "post", "delete", "patch").contains(method))
                .forEach(method -> {
                    String operation = method + " " + path;
                    seen.add(operation);
                    if (!PUBLIC.contains(operation)) {
                        guarded.add(operation);
                        refusesAll(method, path);
                    }
                }));
        assertTrue(seen.containsAll(PUBLIC), "the list names operations that do not exist: " + PUBLIC + " vs " + seen);
        assertEquals(
                Set.of(
                        "put /identity/agencies/{agency}",
                        "post /identity/agencies/{agency}/keys",
                        "post /identity/agencies/{agency}/certificates",
                        "post /identity/agencies/{agency}/certificates/{sha256}/revocation",
                        "post /identity/agencies/{agency}/standing/revocation",
                        "post /identity/agencies/{agency}/standing/reinstatement",
                        "get /identity/agencies/{agency}/standing/changes",
                        "put /identity/agencies/{agency}/rights",
                        "put /identity/agencies/{agency}/client",
                        "get /identity/agencies/{agency}/client",
                        "get /identity/credentials",
                        "get /identity/credentials/{id}",
                        "put /identity/credentials/{id}/status",
                        "put /identity/credential-types/{id}",
                        "delete /identity/credential-types/{id}",
                        "get /identity/credential-requests",
                        "post /identity/credential-requests/{id}/claims",
                        "post /identity/credential-requests/{id}/refusal",
                        "get /identity/credential-offers",
                        "post /identity/credential-offers",
                        "get /identity/credential-offers/{id}",
                        "post /identity/credential-offers/{id}/renewal",
                        "post /identity/presentations",
                        "get /identity/presentations/{id}",
                        "get /identity/presentations/{id}/result"),
                guarded);
    }

    private static void refusesAll(String method, String path) {
        refuses(given(), method, path, 401);
        refuses(bearer("no.such.token"), method, path, 401);
        refuses(bearer(TestTokens.expired("minji")), method, path, 401);
        refuses(bearer(TestTokens.wrongAudience("minji")), method, path, 401);
        refuses(bearer(TestTokens.user("auditor")), method, path, 403);
    }

    private static RequestSpecification bearer(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    private static void refuses(RequestSpecification caller, String method, String path, int status) {
        String concrete = path.replace("{agency}", "city-hall")
                .replace("{sha256}", "0".repeat(64))
                .replace(
                        "{id}",
                        path.contains("credential-types")
                                ? "residency"
                                : UUID.randomUUID().toString());
        if (!method.equals("get")) {
            caller.contentType("application/json").body(body(path));
        }
        Response response = caller.request(method.toUpperCase(Locale.ROOT), concrete);
        assertEquals(status, response.statusCode(), method + " " + path + " answered " + response.asString());
        response.then()
                .contentType("application/problem+json")
                .body("type", equalTo("urn:madang:problem:" + (status == 401 ? "unauthenticated" : "not-allowed")));
    }

    /** A body that would do, so that it is the caller who is refused and not the body. */
    private static Map<String, Object> body(String path) {
        Map<String, String> text = Map.of("ko", "가", "en", "a");
        if (path.contains("/credentials/")) {
            return Map.of("status", "revoked", "reason", "superseded");
        }
        if (path.contains("/standing/") || path.endsWith("/revocation")) {
            return Map.of("reason", path.endsWith("reinstatement") ? "resolved" : "ceased");
        }
        if (path.endsWith("/keys")) {
            return Map.of("purpose", "verifier", "replaces", "A".repeat(43));
        }
        if (path.endsWith("/certificates")) {
            return Map.of("purpose", "verifier", "csr", "MA==");
        }
        if (path.endsWith("/rights")) {
            return Map.of("own_types", true);
        }
        if (path.endsWith("/client")) {
            return Map.of("jwks_uri", "https://agency.example/jwks.json");
        }
        if (path.contains("agencies")) {
            return Map.of("name", text);
        }
        if (path.endsWith("/claims")) {
            return Map.of("claims", Map.of("district", "중구"));
        }
        if (path.endsWith("/refusal")) {
            return Map.of("reason", "a");
        }
        if (path.contains("credential-types")) {
            return Map.of(
                    "vct_name",
                    "residency",
                    "display",
                    text,
                    "claims",
                    List.of(Map.of("name", "a", "label", text)),
                    "validity_days",
                    1);
        }
        return path.contains("presentations")
                ? Map.of("dcql_query", TestVerification.STREET_AND_DISTRICT)
                : Map.of(
                        "credential_configuration_id", "residency",
                        "holder", UUID.randomUUID().toString(),
                        "claims", Map.of("district", "중구"));
    }

    @Test
    void roles_are_not_exchangeable() {
        Map<String, Object> name = Map.of("name", Map.of("ko", "가", "en", "a"));
        for (String token : List.of(
                TestTokens.user("minji"), TestTokens.client("city-hall"), TestTokens.user("officer.transport"))) {
            TestCity.as(token)
                    .body(name)
                    .put("/identity/agencies/forged")
                    .then()
                    .statusCode(403);
        }
        given().get("/identity/agencies/forged").then().statusCode(404);
        TestCity.citizen("minji")
                .body(body("credential-offers"))
                .post("/identity/credential-offers")
                .then()
                .statusCode(403);
        TestCity.agency("city-hall").get("/identity/credential-offers").then().statusCode(403);
    }

    @Test
    void an_agency_issues_its_own_types_only() {
        TestCity.agency("transport")
                .body(body("credential-offers"))
                .post("/identity/credential-offers")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:madang:problem:unknown-credential-type"));
        TestCity.agency("transport")
                .body(body("credential-types"))
                .put("/identity/credential-types/residency")
                .then()
                .statusCode(409);
        // another id, but the vct of another agency's type
        TestCity.agency("transport")
                .body(body("credential-types"))
                .put("/identity/credential-types/fake-residency")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:madang:problem:credential-type-taken"));
        TestCity.agency("treasury")
                .body(Map.of("dcql_query", TestVerification.STREET_AND_DISTRICT))
                .post("/identity/presentations")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:madang:problem:agency-not-registered"));
    }

    @Test
    void a_citizen_sees_her_own_offers_only() {
        Map<String, Object> offer = TestWallet.residencyOffer();
        TestCity.citizen("junho")
                .get("/identity/credential-offers/" + offer.get("id"))
                .then()
                .statusCode(404);
        List<String> ids = TestCity.citizen("junho")
                .get("/identity/credential-offers?limit=200")
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
        assertTrue(!ids.contains(offer.get("id")));
    }

    @Test
    void bad_input_is_answered_with_a_problem_and_changes_nothing() {
        String path = "/identity/credential-offers";
        int before = offers();
        String good = "{\"credential_configuration_id\":\"residency\",\"holder\":\"" + TestTokens.subject("minji")
                + "\",\"claims\":{\"district\":\"중구\"}";
        for (String body : List.of(
                "",
                "{",
                "[]",
                "null",
                good,
                good + ",\"extra\":1}",
                good.replace("중구", "x".repeat(5000)) + "}",
                good.replace("\"중구\"", "null") + "}",
                good.replace("district", "shoe_size") + "}",
                good.replace("{\"district\":\"중구\"}", "7") + "}",
                good.replace("{\"district\":\"중구\"}", "{}") + "}",
                good.replace("residency", "NOT A SLUG") + "}",
                good.replace(TestTokens.subject("minji"), "minji") + "}",
                good.replace("\"residency\"", "{\"a\":1}") + "}")) {
            Response response = TestCity.agency("city-hall").body(body).post(path);
            assertEquals(400, response.statusCode(), body + " was answered " + response.asString());
            response.then().contentType("application/problem+json").body("type", startsWith("urn:madang:problem:"));
        }
        TestCity.agency("city-hall")
                .contentType("text/plain")
                .body("hello")
                .post(path)
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
        TestCity.agency("city-hall").delete(path).then().statusCode(405).contentType("application/problem+json");
        for (String query : List.of("?limit=0", "?limit=201", "?limit=x", "?after=x")) {
            Response response = TestCity.citizen("minji").get(path + query);
            assertTrue(Set.of(400, 404).contains(response.statusCode()), query + " " + response.statusCode());
            response.then().contentType("application/problem+json");
        }
        TestCity.citizen("minji").get(path + "/not-a-uuid").then().statusCode(404);
        // asks first: whoever sends on while the service answers and hangs up may lose the answer
        TestCity.agency("city-hall")
                .config(RestAssured.config()
                        .httpClient(
                                HttpClientConfig.httpClientConfig().setParam("http.protocol.expect-continue", true)))
                .body(good.replace("중구", "x".repeat(1_100_000)) + "}")
                .post(path)
                .then()
                .statusCode(413);
        assertEquals(before, offers());
    }

    private static int offers() {
        List<String> ids = TestCity.citizen("minji")
                .get("/identity/credential-offers?limit=200")
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
        return ids.size();
    }
}
