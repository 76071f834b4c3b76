package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.description.ApiDescription;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whoever reads the API's description sees what goes in and what comes out of every operation. Examples stand in the annotations of
 * an operation: {@code @RequestBody(content = @Content(mediaType = …, examples = @ExampleObject(name = …, value = …)))} and the same
 * in {@code @APIResponse}.
 */
@QuarkusTest
class OpenApiExamplesTest {

    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");

    /** Pages and redirects for a browser, and pictures. */
    private static final Set<String> FOR_BROWSERS = Set.of(
            "get /identity/authorize",
            "get /identity/authorize/callback",
            "post /identity/authorize/consent",
            "get /identity/present/{id}",
            "get /identity/present/{id}/return",
            "get /identity/presentations/{id}/qr");

    /** What is no JSON, where an example would say nothing. */
    private static final List<String> OPAQUE = List.of("text/html", "image/", "application/octet-stream");

    private JsonObject document;
    private ApiDescription description;

    private record Operation(String name, JsonObject description) {}

    @BeforeEach
    void read() {
        String json = given().accept("application/json")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        document = new JsonObject(json);
        description = ApiDescription.of(json);
    }

    private List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : METHODS) {
                JsonObject description = paths.getJsonObject(path).getJsonObject(method);
                if (description != null) {
                    operations.add(new Operation(method + " " + path, description));
                }
            }
        }
        assertTrue(operations.size() > 30, "the document is whole: " + operations.size());
        return operations;
    }

    @Test
    void every_operation_says_what_it_is_for() {
        List<String> silent = operations().stream()
                .filter(one -> one.description().getString("summary", "").isBlank())
                .map(Operation::name)
                .toList();
        assertEquals(List.of(), silent, "give each of these @Operation(summary = …)");
    }

    @Test
    void every_body_has_an_example_that_fits_its_schema() {
        List<String> faults = new ArrayList<>();
        for (Operation one : operations()) {
            if (FOR_BROWSERS.contains(one.name())) {
                continue;
            }
            JsonObject body = one.description().getJsonObject("requestBody");
            if (body != null) {
                check(one.name() + ": @RequestBody", body.getJsonObject("content"), true, faults);
            }
            JsonObject responses = one.description().getJsonObject("responses", new JsonObject());
            for (String status : responses.fieldNames()) {
                JsonObject content = responses.getJsonObject(status).getJsonObject("content");
                boolean good = status.startsWith("2");
                boolean needsBody = status.equals("200") || status.equals("201");
                check(one.name() + ": @APIResponse " + status, content, good && needsBody, good, faults);
            }
        }
        assertEquals(
                "",
                String.join("\n", faults),
                "an operation lacks an example; add one with examples = @ExampleObject(name = …, value = …) in @Content");
    }

    private void check(String where, JsonObject content, boolean required, List<String> faults) {
        check(where, content, required, true, faults);
    }

    private void check(String where, JsonObject content, boolean mustExist, boolean mustShow, List<String> faults) {
        if (content == null || content.isEmpty()) {
            if (mustExist) {
                faults.add(where + " has no content");
            }
            return;
        }
        for (String type : content.fieldNames()) {
            if (OPAQUE.stream().anyMatch(type::startsWith)) {
                continue;
            }
            JsonObject media = content.getJsonObject(type);
            List<Object> examples = examples(media);
            if (examples.isEmpty() && mustShow) {
                faults.add(where + " has no example for " + type);
            }
            if (type.endsWith("json")) {
                examples.forEach(example -> faults(example, media.getJsonObject("schema"))
                        .forEach(fault -> faults.add(where + " " + type + ": " + fault)));
            }
        }
    }

    private static List<Object> examples(JsonObject media) {
        List<Object> all = new ArrayList<>();
        if (media.getValue("example") != null) {
            all.add(media.getValue("example"));
        }
        JsonObject named = media.getJsonObject("examples", new JsonObject());
        named.fieldNames().forEach(name -> all.add(named.getJsonObject(name).getValue("value")));
        return all;
    }

    /** Why an example is none: not JSON, or other than its schema says. */
    private List<String> faults(Object example, JsonObject schema) {
        String json = example instanceof String text ? text : Json.encode(example);
        return schema == null ? List.of() : description.faults(schema.encode(), json);
    }
}
