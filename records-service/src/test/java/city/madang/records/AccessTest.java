package city.madang.records;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class AccessTest {

    /** Whoever adds an operation that anyone may call adds it here, knowingly. */
    private static final Set<String> PUBLIC = Set.of(
            "GET /records/services",
            "GET /records/services/{service}",
            "GET /records/service-definition.schema.json",
            "GET /records/verify/{record}",
            "POST /records/verify",
            "GET /records/verify",
            "GET /records/verify/trust",
            "GET /records/log/{agency}/checkpoint",
            "GET /records/log/{agency}/vkey",
            "GET /records/log/{agency}/tile/{level}/{tile}",
            "GET /records/log/{agency}/tile/entries/{tile}",
            "GET /records/log/{agency}/entries/{index}/proof",
            "GET /records/log/{agency}/consistency",
            "GET /records/log/{agency}/anchors",
            "POST /records/witness/add-checkpoint",
            "GET /records/witness/vkeys",
            "GET /records/witness/{origin}/checkpoint",
            "GET /records/anchor",
            "GET /records/destructions/{record}",
            "GET /records/destructions/{record}/certificate",
            "GET /records/destructions/{record}/proof");

    /** Someone who is signed in but has not the role for the operation. */
    private static final Map<String, String> UNDERPRIVILEGED = Map.ofEntries(
            Map.entry("PUT /records/services/{service}", "minji"),
            Map.entry("POST /records/applications", "officer.transport"),
            Map.entry("POST /records/services/{service}/attachments/{name}", "officer.transport"),
            Map.entry("POST /records/applications/{id}/answer", "officer.transport"),
            Map.entry("POST /records/applications/{id}/withdrawal", "officer.transport"),
            Map.entry("POST /records/applications/{id}/appeal", "officer.transport"),
            Map.entry("POST /records/applications/{id}/claim", "minji"),
            Map.entry("DELETE /records/applications/{id}/claim", "minji"),
            Map.entry("POST /records/applications/{id}/question", "minji"),
            Map.entry("POST /records/applications/{id}/decision", "minji"),
            Map.entry("GET /records/reviews", "minji"));

    @Inject
    Pool pool;

    @Test
    void every_operation_that_is_not_public_refuses_whoever_may_not_call_it() {
        JsonObject paths = new JsonObject(given().accept("application/json")
                        .get("/q/openapi?format=json")
                        .asString())
                .getJsonObject("paths");
        Set<String> seen = new HashSet<>();
        long before = rows();
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                String operation = method.toUpperCase(Locale.ROOT) + " " + path;
                seen.add(operation);
                if (PUBLIC.contains(operation)) {
                    continue;
                }
                String url = path.replaceAll(
                                "\\{(id|record|target)}", UUID.randomUUID().toString())
                        .replaceAll("\\{[a-z]+}", "some-slug");
                refused(operation, 401, call(method, url, request -> {}));
                refused(operation, 401, call(method, url, bearer("no.such.token")));
                refused(operation, 401, call(method, url, bearer(TestTokens.expired("minji"))));
                refused(operation, 401, call(method, url, bearer(TestTokens.wrongAudience("minji"))));
                refused(
                        operation,
                        403,
                        call(method, url, bearer(TestTokens.user(UNDERPRIVILEGED.getOrDefault(operation, "auditor")))));
            }
        }
        assertTrue(
                seen.containsAll(PUBLIC),
                "no longer there: "
                        + PUBLIC.stream()
                                .filter(operation -> !seen.contains(operation))
                                .toList());
        assertTrue(seen.size() >= PUBLIC.size() + 10, "the document lists " + seen);
        assertEquals(before, rows(), "nothing changed");
    }

    private static void refused(String operation, int status, Response response) {
        assertEquals(status, response.statusCode(), operation + ": " + response.asString());
        assertTrue(response.contentType().startsWith("application/problem+json"), operation);
        response.then().body("type", startsWith("urn:madang:problem:"));
    }

    private static Response call(String method, String url, Consumer<RequestSpecification> with) {
        RequestSpecification request = given();
        with.accept(request);
        if (!method.equals("get")) {
            request.contentType("application/json").body("{}");
        }
        return request.request(method.toUpperCase(Locale.ROOT), url);
    }

    private static Consumer<RequestSpecification> bearer(String token) {
        return request -> request.header("Authorization", "Bearer " + token);
    }

    @Test
    void a_bad_application_gets_a_problem_and_changes_nothing() {
        City.publish("city-hall", "bad-input", City.officerDecides());
        long before = rows();
        apply(
                        "{\"service\": \"bad-input\", \"form\": {\"plate\": \"nonsense\", \"colour\": \"red\"}}",
                        400,
                        "form-invalid")
                .then()
                .body("errors.size()", org.hamcrest.Matchers.equalTo(2))
                .body("errors.pointer", org.hamcrest.Matchers.hasItems("/plate", "/colour"));
        apply("{\"service\": \"bad-input\", \"form\": {}}", 400, "form-invalid")
                .then()
                .body("errors[0].pointer", org.hamcrest.Matchers.equalTo("/plate"));
        apply("{\"service\": \"bad-input\", \"form\": []}", 400, "invalid-request");
        apply("{\"service\": \"bad-input\", \"form\": {\"plate\": \"12가3456\"}, \"more\": 1}", 400, "invalid-request");
        apply("{\"service\": \"no-such-service\", \"form\": {\"plate\": \"12가3456\"}}", 400, "invalid-request");
        apply("{\"service\": \"../x\", \"form\": {\"plate\": \"12가3456\"}}", 400, "invalid-request");
        apply("{\"service\": 7, \"form\": {}}", 400, "invalid-request");
        apply("{\"service\": \"bad-input\", \"service\": \"bad-input\", \"form\": {}}", 400, "invalid-request");
        apply("{\"service\": \"bad-input\", \"form\": {\"plate\": \"\\u0000\"}}", 400, "invalid-request");
        apply("{\"service\"", 400, "invalid-request");
        apply("[]", 400, "invalid-request");
        apply("null", 400, "invalid-request");
        apply("", 400, "invalid-request");
        apply("{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}", 400, "invalid-request");
        apply("{\"service\": \"bad-input\", \"form\": {\"plate\": \"" + "x".repeat(70_000) + "\"}}", 413, "too-large");
        given().auth()
                .oauth2(TestTokens.user("minji"))
                .contentType("text/plain")
                .body("{}")
                .post("/records/applications")
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
        assertEquals(before, rows());
    }

    private static Response apply(String body, int status, String type) {
        Response response = given().auth()
                .oauth2(TestTokens.user("minji"))
                .contentType("application/json")
                .body(body)
                .post("/records/applications");
        assertEquals(
                status, response.statusCode(), body.substring(0, Math.min(100, body.length())) + response.asString());
        response.then()
                .contentType("application/problem+json")
                .body("type", org.hamcrest.Matchers.equalTo("urn:madang:problem:" + type));
        return response;
    }

    @Test
    void a_bad_definition_gets_a_problem_and_changes_nothing() {
        long before = rows();
        publish(City.officerDecides().put("surprise", 1), "/surprise");
        publish(without("title"), "/title");
        publish(without("form"), "/form");
        publish(City.officerDecides().put("decision", "coin"), "/decision");
        publish(
                City.officerDecides()
                        .put("fee", new JsonObject().put("amount", 0).put("currency", "KRW")),
                "/fee/amount");
        publish(
                City.officerDecides()
                        .put("fee", new JsonObject().put("amount", 5).put("currency", "EUR")),
                "/fee/currency");
        JsonObject foreign = City.officerDecides();
        foreign.getJsonObject("form")
                .getJsonObject("properties")
                .put("x", new JsonObject().put("$ref", "https://evil.example/x"));
        publish(foreign, "/form/properties/x/$ref");
        JsonObject noRegex = City.officerDecides();
        noRegex.getJsonObject("form")
                .getJsonObject("properties")
                .getJsonObject("plate")
                .put("pattern", "(");
        publish(noRegex, "/form/properties/plate/pattern");
        JsonObject noSchema = City.officerDecides();
        noSchema.getJsonObject("form").put("required", "plate");
        publish(noSchema, "/form/required");
        JsonObject noPointer = City.officerDecides();
        noPointer.getJsonObject("record").getJsonArray("facts").getJsonObject(0).put("from", "form.plate");
        publish(noPointer, "/record/facts/0/from");
        JsonObject notAsked = City.parkingPermit();
        notAsked.getJsonObject("record")
                .getJsonArray("facts")
                .getJsonObject(1)
                .put("from", "/credentials/residency/birthdate");
        publish(notAsked, "/record/facts/1/from");
        JsonObject noFact = City.parkingPermit();
        noFact.getJsonObject("credential").put("claims", new JsonArray().add("shoe_size"));
        publish(noFact, "/credential/claims/0");
        JsonObject noFormat = City.parkingPermit();
        noFormat.getJsonObject("credentials")
                .getJsonArray("credentials")
                .getJsonObject(0)
                .put("format", "jwt");
        publish(noFormat, "/credentials/credentials/0/format");
        put("city-hall", "Not-A-Slug", City.officerDecides().encode()).then().statusCode(400);
        put("city-hall", "too-big", "{\"a\": \"" + "x".repeat(70_000) + "\"}")
                .then()
                .statusCode(413);
        assertEquals(before, rows());
    }

    private static void publish(JsonObject definition, String pointer) {
        Response response = put("city-hall", "never-published", definition.encode());
        assertEquals(400, response.statusCode(), pointer);
        response.then().body("type", org.hamcrest.Matchers.equalTo("urn:madang:problem:definition-invalid"));
        assertTrue(
                response.jsonPath().getList("errors.pointer").contains(pointer),
                pointer + " is not in " + response.asString());
    }

    private static JsonObject without(String member) {
        JsonObject definition = City.officerDecides();
        definition.remove(member);
        return definition;
    }

    private static Response put(String agency, String service, String body) {
        return given().auth()
                .oauth2(TestTokens.client(agency))
                .contentType("application/json")
                .body(body)
                .put("/records/services/" + service);
    }

    @Test
    void a_service_belongs_to_the_agency_that_published_it_first() {
        City.publish("city-hall", "owned", City.officerDecides());
        City.publish("city-hall", "owned", City.officerDecides());
        given().get("/records/services/owned").then().statusCode(200).body("version", org.hamcrest.Matchers.equalTo(1));
        put("transport", "owned", City.parkingPermit().encode())
                .then()
                .statusCode(403)
                .body("type", org.hamcrest.Matchers.equalTo("urn:madang:problem:service-of-another-agency"));
        City.publish("city-hall", "owned", City.parkingPermit());
        given().get("/records/services/owned")
                .then()
                .body("version", org.hamcrest.Matchers.equalTo(2))
                .body("agency", org.hamcrest.Matchers.equalTo("city-hall"));
    }

    @Test
    void lists_have_limits_and_cursors() {
        for (int i = 0; i < 3; i++) {
            City.publish("city-hall", "listed-" + i, City.officerDecides());
        }
        JsonObject page = new JsonObject(
                given().get("/records/services?limit=2&after=listed-").asString());
        assertEquals(2, page.getJsonArray("items").size());
        assertEquals("listed-1", page.getString("next"));
        for (String bad : new String[] {"limit=0", "limit=201", "limit=x", "after=%00"}) {
            int status = given().urlEncodingEnabled(false)
                    .get("/records/services?" + bad)
                    .statusCode();
            assertTrue(status == 400 || status == 404, bad + " gave " + status);
        }
        City.apply("junho", "listed-0");
        City.apply("junho", "listed-1");
        JsonObject first = new JsonObject(given().auth()
                .oauth2(TestTokens.user("junho"))
                .get("/records/applications?limit=1")
                .asString());
        JsonObject second = new JsonObject(given().auth()
                .oauth2(TestTokens.user("junho"))
                .get("/records/applications?limit=1&after=" + first.getString("next"))
                .asString());
        assertEquals("listed-1", first.getJsonArray("items").getJsonObject(0).getString("service"));
        assertEquals("listed-0", second.getJsonArray("items").getJsonObject(0).getString("service"));
        assertFalse(first.encode().contains("12가3456"), "a list shows no form");
    }

    @Test
    void what_is_no_file_to_verify_or_no_tile_gets_a_problem() {
        given().contentType("application/pdf").post("/records/verify").then().statusCode(400);
        given().contentType("image/png")
                .body(new byte[] {1})
                .post("/records/verify")
                .then()
                .statusCode(415);
        for (String path : new String[] {
            "log/nobody/checkpoint",
            "log/nobody/vkey",
            "log/nobody/tile/0/000",
            "log/nobody/tile/8/000",
            "log/nobody/tile/0/zero",
            "log/nobody/tile/entries/x999/x999/x999/x999/x999/999",
            "verify/" + UUID.randomUUID(),
            "verify/no-uuid"
        }) {
            given().accept("*/*").get("/records/" + path).then().statusCode(404);
        }
    }

    @Test
    void a_document_may_be_long_and_json_may_not() {
        byte[] document = new byte[20 * 1024 * 1024];
        System.arraycopy("%PDF-1.7".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, document, 0, 8);
        given().contentType("application/pdf")
                .body(document)
                .post("/records/verify")
                .then()
                .statusCode(200)
                .body("valid", org.hamcrest.Matchers.equalTo(false))
                .body("conclusion", org.hamcrest.Matchers.equalTo("not_proven"));
        for (int length : new int[] {100_000, 3_000_000}) {
            long before = rows();
            apply("{\"service\": \"" + "x".repeat(length) + "\"}", 413, "too-large");
            assertEquals(before, rows());
        }
    }

    private long rows() {
        return pool.query("select (select count(*) from service_version) + (select count(*) from application)"
                        + " + (select count(*) from sealing_job)")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }
}
