package city.madang.devstack.testing.description;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.description.ApiDescription.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent otherwise than described is found, whichever of the two is wrong. */
class ApiDescriptionTest {

    private static final String KEY = "{\"kid\":\"a\",\"made\":\"2026-11-24T09:00:00Z\"}";

    private static final String DOCUMENT =
            """
            {"paths": {
               "/keys/{id}": {
                 "get": {"responses": {
                   "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Key"}}}},
                   "202": {"description": "nothing is said"}}},
                 "put": {"responses": {"200": {"content": {"application/json": {}}}}}},
               "/keys/none": {"get": {"responses": {"204": {"description": "never any"}}}},
               "/file": {"get": {"responses": {
                 "200": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}}},
               "/token": {"get": {"responses": {
                 "200": {"content": {"application/jwt": {"schema": {"type": "string"}}}}}}}},
             "components": {"schemas": {
               "Key": {"type": "object", "required": ["kid"], "additionalProperties": true, "properties": {
                 "kid": {"type": "string"}, "made": {"$ref": "#/components/schemas/Time"},
                 "labels": {"type": "object", "additionalProperties": {"type": "string"}}}},
               "Time": {"type": "string", "format": "date-time"}}}}""";

    private static List<String> faults(
            String document, String method, String path, int status, String type, String body) {
        return ApiDescription.of(document)
                .faults(new Answer(method, path, status, type, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> faults(String body) {
        return faults(DOCUMENT, "GET", "/keys/1", 200, "application/json;charset=UTF-8", body);
    }

    @Test
    void an_answer_as_described_has_no_faults() {
        assertEquals(List.of(), faults(KEY));
        assertEquals(List.of(), faults("{\"kid\":\"a\",\"labels\":{\"any\":\"name\"}}"));
        assertEquals(List.of(), faults(DOCUMENT, "GET", "/keys/1", 202, "", ""));
        assertEquals(List.of(), faults(DOCUMENT, "GET", "/file", 200, "application/json", "{}"));
        assertEquals(List.of(), faults(DOCUMENT, "GET", "/token", 200, "application/jwt", "a.b.c"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a member that is required is missing | {\"made\":\"2026-11-24T09:00:00Z\"}",
                "a member has another type            | {\"kid\":1}",
                "a member is null                     | {\"kid\":null}",
                "a format is not kept                 | {\"kid\":\"a\",\"made\":\"yesterday\"}",
                "a member is not described            | {\"kid\":\"a\",\"more\":1}",
                "a name is mapped to another type     | {\"kid\":\"a\",\"labels\":{\"any\":1}}",
                "it is another kind of value          | []",
                "it is not JSON                       | {",
                "there is no body                     | ''"
            })
    void an_answer_other_than_described_has_faults(String why, String body) {
        assertFalse(faults(body).isEmpty(), why);
    }

    @Test
    void a_member_dropped_from_the_description_is_found_also_where_others_may_be_added() {
        String dropped = DOCUMENT.replace("\"made\": {\"$ref\": \"#/components/schemas/Time\"},", "");

        assertFalse(
                faults(dropped, "GET", "/keys/1", 200, "application/json", KEY).isEmpty());
    }

    @Test
    void a_status_a_type_or_a_schema_that_is_not_described_is_found() {
        assertTrue(faults(DOCUMENT, "GET", "/keys/1", 201, "application/json", KEY)
                .contains("the status is not described"));
        assertTrue(faults(DOCUMENT, "GET", "/keys/1", 200, "text/plain", KEY)
                .contains("a body of this type is not described"));
        assertTrue(faults(DOCUMENT, "GET", "/keys/1", 202, "application/json", KEY)
                .contains("a body of this type is not described"));
        assertTrue(
                faults(DOCUMENT, "PUT", "/keys/1", 200, "application/json", KEY).contains("the body has no schema"));
    }

    @Test
    void a_path_without_parameters_is_meant_before_one_with_them() {
        assertEquals(List.of(), faults(DOCUMENT, "GET", "/keys/none", 204, "", ""));
        assertFalse(faults(DOCUMENT, "GET", "/keys/none", 200, "application/json", KEY)
                .isEmpty());
    }

    @Test
    void refusals_and_what_is_not_described_at_all_are_not_judged() {
        assertEquals(List.of(), faults(DOCUMENT, "GET", "/keys/1", 404, "application/problem+json", "{}"));
        assertEquals(List.of(), faults(DOCUMENT, "GET", "/q/health", 200, "application/json", "{}"));
    }
}
