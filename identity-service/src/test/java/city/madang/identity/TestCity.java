package city.madang.identity;

import static io.restassured.RestAssured.given;

import city.madang.devstack.testing.TestTokens;
import io.restassured.common.mapper.TypeRef;
import io.restassured.specification.RequestSpecification;
import java.util.Map;

/** What agencies, officers and citizens do in these tests, with their real tokens. */
final class TestCity {

    private TestCity() {}

    static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType("application/json");
    }

    static RequestSpecification agency(String name) {
        return as(TestTokens.client(name));
    }

    static RequestSpecification citizen(String name) {
        return as(TestTokens.user(name));
    }

    static void register(String agency) {
        as(TestTokens.user("officer.cityhall"))
                .body(Map.of("name", Map.of("ko", agency + " 기관", "en", "The agency " + agency)))
                .put("/identity/agencies/" + agency)
                .then()
                .statusCode(org.hamcrest.Matchers.oneOf(200, 201));
    }

    /** Makes an offer; gives what its holder sees. */
    static Map<String, Object> offer(String agency, String type, String holder, Map<String, ?> claims) {
        String id = agency(agency)
                .body(Map.of(
                        "credential_configuration_id", type,
                        "holder", TestTokens.subject(holder),
                        "claims", claims))
                .post("/identity/credential-offers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return citizen(holder)
                .get("/identity/credential-offers/" + id)
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
    }
}
