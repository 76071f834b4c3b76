package city.madang.records;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.ForgedTokens;
import city.madang.devstack.testing.TestTokens;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Attacks of the OWASP API Security Top 10 (2023) through HTTP; the table of docs/threat-model.md names the others. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@Tag("api-top-10")
class ApiTop10Test {

    private static final String APPLICATIONS = "/records/applications";

    /** API1, broken object level authorization. */
    @Test
    void what_is_anothers_is_as_if_it_were_not_there() {
        City.publish("city-hall", "top-ten", City.officerDecides());
        UUID application = City.apply("minji", "top-ten");
        Map<String, JsonObject> ofCitizens = new LinkedHashMap<>();
        ofCitizens.put("GET ", null);
        ofCitizens.put("GET /progress", null);
        ofCitizens.put("POST /answer", new JsonObject().put("answer", "가"));
        ofCitizens.put("POST /withdrawal", new JsonObject());
        ofCitizens.put("POST /appeal", new JsonObject().put("reason", "가"));
        Map<String, JsonObject> ofOfficers = new LinkedHashMap<>();
        ofOfficers.put("GET ", null);
        ofOfficers.put("GET /progress", null);
        ofOfficers.put("POST /claim", new JsonObject());
        ofOfficers.put("DELETE /claim", null);
        ofOfficers.put("POST /question", new JsonObject().put("question", "가?"));
        ofOfficers.put(
                "POST /decision", new JsonObject().put("decision", "granted").put("reason", "가"));
        String before = read(application);

        ofCitizens.forEach((operation, body) -> hidden(TestTokens.user("junho"), application, operation, body));
        ofOfficers.forEach(
                (operation, body) -> hidden(TestTokens.user("officer.transport"), application, operation, body));

        assertEquals(before, read(application), "nothing changed");
    }

    private static void hidden(String token, UUID application, String operation, JsonObject body) {
        Response anothers = call(token, application, operation, body);
        Response nothing = call(token, UUID.randomUUID(), operation, body);
        assertEquals(404, anothers.statusCode(), operation + ": " + anothers.asString());
        assertEquals(404, nothing.statusCode(), operation + ": " + nothing.asString());
        assertEquals(nothing.<String>path("type"), anothers.<String>path("type"), operation);
        assertEquals(nothing.<String>path("detail"), anothers.<String>path("detail"), operation);
    }

    private static Response call(String token, UUID application, String operation, JsonObject body) {
        String[] parts = operation.split(" ", 2);
        var request = given().auth().oauth2(token);
        if (body != null) {
            request.contentType("application/json").body(body.encode());
        }
        return request.request(parts[0], APPLICATIONS + "/" + application + parts[1]);
    }

    private static String read(UUID application) {
        return given().auth()
                .oauth2(TestTokens.user("minji"))
                .get(APPLICATIONS + "/" + application)
                .asString();
    }

    /** API2, broken authentication. */
    @Test
    void no_forged_token_is_believed() {
        given().auth().oauth2(TestTokens.user("minji")).get(APPLICATIONS).then().statusCode(200);
        ForgedTokens.of("minji")
                .forEach((forgery, token) -> assertEquals(
                        401, given().auth().oauth2(token).get(APPLICATIONS).statusCode(), forgery));
    }

    /** API3, broken object property level authorization: mass assignment. */
    @Test
    void no_member_is_taken_that_is_not_the_callers_to_set() {
        City.publish("city-hall", "top-ten", City.officerDecides());
        JsonObject good =
                new JsonObject().put("service", "top-ten").put("form", new JsonObject().put("plate", "12가3456"));
        for (String member : List.of("id", "state", "applicant", "agency", "decision", "steps")) {
            assertEquals(
                    400,
                    given().auth()
                            .oauth2(TestTokens.user("minji"))
                            .contentType("application/json")
                            .body(good.copy().put(member, "granted").encode())
                            .post(APPLICATIONS)
                            .statusCode(),
                    member);
        }
    }
}
