package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class PagesTest extends GatewayTestBase {

    @Test
    void the_description_holds_every_public_operation_of_every_service_that_answers() throws IOException {
        Caller.Answer answer = caller.line("GET /openapi.json HTTP/1.1");

        assertEquals(200, answer.status());
        JsonObject document = answer.json();
        assertEquals("3.1.0", document.getString("openapi"));
        assertEquals(
                Set.of("/identity/things", "/records/things"),
                document.getJsonObject("paths").fieldNames());
        assertEquals(1, document.getJsonArray("servers").size());
        assertEquals(
                "https://madang.example",
                document.getJsonArray("servers").getJsonObject(0).getString("url"));
        assertTrue(document.getJsonObject("info").getString("description").contains("did not answer: payment"));
    }

    @Test
    void one_name_for_two_things_is_told_apart() throws IOException {
        JsonObject document = caller.line("GET /openapi.json HTTP/1.1").json();

        JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");
        assertEquals(Set.of("Thing", "records.Thing", "Money"), schemas.fieldNames());
        assertEquals("#/components/schemas/Thing", reference(document, "/identity/things"));
        assertEquals("#/components/schemas/records.Thing", reference(document, "/records/things"));
        assertEquals(
                "a thing of records", schemas.getJsonObject("records.Thing").getString("description"));
        assertEquals("records.list", operation(document, "/records/things").getString("operationId"));
    }

    @Test
    void the_description_is_there_as_yaml() throws IOException {
        Caller.Answer answer = caller.line("GET /openapi.yaml HTTP/1.1");

        assertEquals("application/yaml", answer.header("content-type"));
        assertTrue(answer.body().contains("openapi: 3.1.0"));
        assertTrue(answer.body().contains("/records/things"));
    }

    @Test
    void the_events_are_described_beside_the_operations() throws IOException {
        Caller.Answer answer = caller.line("GET /asyncapi.yaml HTTP/1.1");

        assertEquals(200, answer.status());
        assertEquals("application/yaml", answer.header("content-type"));
        assertTrue(answer.body().contains("asyncapi: 3."));
        assertTrue(caller.line("GET /developers HTTP/1.1").body().contains("href=\"/asyncapi.yaml\""));
    }

    @Test
    void every_page_works_under_a_policy_without_inline_code_and_finds_its_files() throws IOException {
        for (String page : List.of("/", "/developers", "/developers/examples")) {
            Caller.Answer answer = caller.line("GET " + page + " HTTP/1.1");
            assertEquals(200, answer.status());
            assertEquals("text/html; charset=utf-8", answer.header("content-type"));
            assertFalse(answer.header("content-security-policy").contains("unsafe"));
            assertFalse(Pattern.compile("<style|style=|<script>|\\son[a-z]+=")
                    .matcher(answer.body())
                    .find());
            Matcher files = Pattern.compile("(?:src|href)=\"(/[^\"]+\\.(?:js|css|svg))\"")
                    .matcher(answer.body());
            int found = 0;
            while (files.find()) {
                found++;
                assertEquals(
                        200, caller.line("HEAD " + files.group(1) + " HTTP/1.1").status(), files.group(1));
            }
            assertTrue(found >= 2);
        }
        assertFalse(caller.line("GET / HTTP/1.1").body().contains("<script"));
    }

    @Test
    void the_verify_form_leads_to_the_page_of_a_record_and_nowhere_else() throws IOException {
        String id = UUID.randomUUID().toString();
        assertEquals(
                "/records/verify/" + id,
                caller.line("GET /verify?record=+" + id + " HTTP/1.1").header("location"));
        for (String bad : List.of("", "//evil.example", "https%3A%2F%2Fevil.example", "..%2F..", id + "%0d%0aX:1")) {
            Caller.Answer answer = caller.line("GET /verify?record=" + bad + " HTTP/1.1");
            assertEquals(303, answer.status());
            assertEquals("/#verify", answer.header("location"));
        }
    }

    private static JsonObject operation(JsonObject document, String path) {
        return document.getJsonObject("paths").getJsonObject(path).getJsonObject("get");
    }

    private static String reference(JsonObject document, String path) {
        return operation(document, path)
                .getJsonObject("responses")
                .getJsonObject("200")
                .getJsonObject("content")
                .getJsonObject("application/json")
                .getJsonObject("schema")
                .getString("$ref");
    }
}
