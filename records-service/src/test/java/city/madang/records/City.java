package city.madang.records;

import static io.restassured.RestAssured.given;

import city.madang.devstack.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** Definitions and requests that several tests use. */
public final class City {

    private City() {}

    public static JsonObject text(String ko, String en) {
        return new JsonObject().put("ko", ko).put("en", en);
    }

    /** The parking permit of docs/interfaces.md. */
    public static JsonObject parkingPermit() {
        return new JsonObject()
                .put("title", text("거주자 우선 주차 허가", "Resident parking permit"))
                .put(
                        "credentials",
                        new JsonObject(
                                """
                        {"credentials": [{"id": "residency", "format": "dc+sd-jwt",
                          "meta": {"vct_values": ["https://localhost:8443/identity/vct/residency"]},
                          "claims": [{"path": ["family_name"]}, {"path": ["district"]}]}]}"""))
                .put("fee", new JsonObject().put("amount", 12_000).put("currency", "KRW"))
                .put("form", plateForm())
                .put("decision", "automatic")
                .put(
                        "record",
                        new JsonObject()
                                .put("type", "parking-permit")
                                .put("title", text("거주자 우선 주차 허가증", "Resident parking permit"))
                                .put("validity_days", 365)
                                .put(
                                        "facts",
                                        new JsonArray()
                                                .add(fact("plate", "차량 번호", "Plate", "/form/plate"))
                                                .add(fact(
                                                        "family_name",
                                                        "성",
                                                        "Family name",
                                                        "/credentials/residency/family_name"))
                                                .add(fact(
                                                        "district",
                                                        "자치구",
                                                        "District",
                                                        "/credentials/residency/district"))))
                .put(
                        "credential",
                        new JsonObject()
                                .put("id", "parking-permit")
                                .put("display", text("주차 허가", "Parking permit"))
                                .put("validity_days", 365)
                                .put("claims", new JsonArray().add("plate").add("district")));
    }

    /** Nothing to show, nothing to pay, an officer decides, no credential. */
    public static JsonObject officerDecides() {
        JsonObject definition = parkingPermit();
        definition.remove("credentials");
        definition.remove("fee");
        definition.remove("credential");
        definition.put("decision", "officer");
        definition.getJsonObject("record").getJsonArray("facts").remove(2);
        definition.getJsonObject("record").getJsonArray("facts").remove(1);
        return definition;
    }

    public static JsonObject plateForm() {
        return new JsonObject(
                """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                 "properties": {"plate": {"type": "string", "pattern": "^[0-9]{2,3}[가-힣][0-9]{4}$"}},
                 "required": ["plate"], "additionalProperties": false}""");
    }

    private static JsonObject fact(String name, String ko, String en, String from) {
        return new JsonObject().put("name", name).put("label", text(ko, en)).put("from", from);
    }

    public static void publish(String agency, String service, JsonObject definition) {
        given().auth()
                .oauth2(TestTokens.client(agency))
                .contentType("application/json")
                .body(definition.encode())
                .put("/records/services/" + service)
                .then()
                .statusCode(200);
    }

    public static UUID apply(String citizen, String service) {
        return UUID.fromString(given().auth()
                .oauth2(TestTokens.user(citizen))
                .contentType("application/json")
                .body("{\"service\": \"" + service + "\", \"form\": {\"plate\": \"12가3456\"}}")
                .post("/records/applications")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    /** An office says why it reads a record; from then on the record is open to it. */
    public static UUID sayWhy(String token, String record) {
        return OtherServices.await("the access is logged", () -> {
            var answer = given().auth()
                    .oauth2(token)
                    .contentType("application/json")
                    .body(new JsonObject()
                            .put("record", record)
                            .put("purpose", text("심사", "Review"))
                            .put("legal_basis", text("주차장법 제10조", "Parking Lot Act, article 10"))
                            .encode())
                    .post("/records/accesses");
            return answer.statusCode() == 201 ? UUID.fromString(answer.path("id")) : null;
        });
    }

    public static String state(UUID application, String token) {
        return given().auth()
                .oauth2(token)
                .get("/records/applications/" + application)
                .then()
                .statusCode(200)
                .extract()
                .path("state");
    }
}
