package city.madang.records.documents;

import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** An agency's desk: defines types and keeps documents, all through HTTP. */
public final class Desk {

    private Desk() {}

    /** Papers about a citizen. */
    public static JsonObject papers() {
        return new JsonObject(
                """
                {"title": {"ko": "신청 서류", "en": "Papers"},
                 "metadata": {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                   "properties": {"case": {"type": "string", "maxLength": 40}, "note": {"type": "string"},
                     "place": {"type": "object", "properties": {"district": {"type": "string"}}}},
                   "required": ["case"], "additionalProperties": false},
                 "search": ["/case", "/place/district"], "formats": ["text/plain", "application/pdf"],
                 "retention_days": 30, "break_glass": ["city-hall"]}""");
    }

    public static void define(String agency, String type, JsonObject definition) {
        given().auth()
                .oauth2(TestTokens.client(agency))
                .contentType("application/json")
                .body(definition.encode())
                .put("/records/document-types/" + type)
                .then()
                .statusCode(200);
    }

    public static Response announce(String token, JsonObject announcement) {
        return given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body(announcement.encode())
                .post("/records/archive");
    }

    public static Response put(String token, String upload, String mediaType, byte[] content) {
        return given().auth().oauth2(token).contentType(mediaType).body(content).put(upload);
    }

    /** Keeps a document; sending again is harmless, so a slow log is waited for. */
    public static String keep(String token, JsonObject announcement, byte[] content) {
        Response announced = announce(token, announcement);
        assertEquals(201, announced.statusCode(), announced.asString());
        awaitTrue("kept", () -> {
            Response answer = put(token, announced.path("upload"), "text/plain", content);
            assertTrue(answer.statusCode() == 201 || answer.statusCode() == 202, answer.asString());
            return answer.statusCode() == 201;
        });
        return announced.path("document");
    }

    /** A paper of minji's, without an announced digest. */
    public static String keep(String agency, String type, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        JsonObject announcement = new JsonObject()
                .put("type", type)
                .put("name", "신청서.txt")
                .put("media_type", "text/plain")
                .put("length", bytes.length)
                .put("subject", TestTokens.subject("minji"))
                .put("metadata", new JsonObject().put("case", "retained"));
        return keep(TestTokens.client(agency), announcement, bytes);
    }

    public static Response read(String token, String document, String what) {
        return given().auth().oauth2(token).get("/records/archive/" + document + "/versions/1" + what);
    }
}
