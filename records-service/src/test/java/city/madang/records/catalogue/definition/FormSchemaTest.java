package city.madang.records.catalogue.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.records.JsonBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormSchemaTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private static ObjectNode schema(String members) {
        return (ObjectNode)
                JsonBody.parse("{\"$schema\": \"" + FormSchema.DRAFT + "\", \"type\": \"object\", " + members + "}");
    }

    private static ObjectNode withPattern(String pattern) {
        ObjectNode schema = schema("\"properties\": {\"x\": {\"type\": \"string\"}}");
        ((ObjectNode) schema.at("/properties/x")).put("pattern", pattern);
        return schema;
    }

    private static JsonNode form(String x) {
        return JsonNodeFactory.instance.objectNode().put("x", x);
    }

    private static boolean accepts(String pattern, String x) {
        return FormSchema.of(withPattern(pattern)).check(form(x)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "^(a|a)*$", "^([a-zA-Z]+)*$", "^(.*a){12}$", "(x+x+)+y"})
    void a_catastrophic_expression_meets_its_worst_text_and_the_answer_comes_at_once(String pattern) {
        String text = (pattern.contains("x") ? "x" : "a").repeat(30_000) + "!";
        assertTimeoutPreemptively(SOON, () -> assertEquals(false, accepts(pattern, text)));
    }

    @Test
    void a_catastrophic_name_of_properties_is_harmless_too() {
        ObjectNode schema = schema("\"patternProperties\": {\"^(a+)+$\": {\"type\": \"integer\"}}");
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        form.put("a".repeat(30_000) + "!", "text");
        form.put("aaa", "no integer");
        assertTimeoutPreemptively(
                SOON,
                () -> assertEquals(
                        List.of("/aaa"),
                        FormSchema.of(schema).check(form).stream()
                                .map(FormError::pointer)
                                .toList()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "()((((){900}){900}){900})",
                "((\\x{AC00}{99}){99}){99}",
                "(([]{(]{1000}){1000}){1000}",
                "(([[:alpha:]]{1000}){1000}){1000}",
                "(((a{500,}){500,}){500,}){500,}",
                "((\\Q)\\E{1000}){1000}"
            })
    void an_expression_that_would_fill_the_memory_is_refused_before_it_is_compiled(String pattern) {
        assertTimeoutPreemptively(
                SOON,
                () -> assertEquals(
                        "/properties/x/pattern",
                        assertThrows(FormSchema.Malformed.class, () -> FormSchema.of(withPattern(pattern)))
                                .pointer()));
    }

    @Test
    void many_expressions_together_are_bounded_and_counted_for_each_reference() {
        ObjectNode many = schema("\"properties\": {}");
        for (int i = 0; i < 6; i++) {
            ((ObjectNode) many.get("properties")).putObject("p" + i).put("pattern", "^.{0,990}$");
        }
        assertEquals(
                "",
                assertThrows(FormSchema.Malformed.class, () -> FormSchema.of(many))
                        .pointer());
        ObjectNode referred = schema("\"$defs\": {\"d\": {\"pattern\": \"^.{0,900}$\"}}, \"properties\": {}");
        for (int i = 0; i < 9; i++) {
            ((ObjectNode) referred.get("properties")).putObject("p" + i).put("$ref", "#/$defs/d");
        }
        assertEquals(
                "",
                assertThrows(FormSchema.Malformed.class, () -> FormSchema.of(referred))
                        .pointer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)b", "(?<!a)b", "(a)\\1", "(", "[", "a{2,1}", "\\uD83D\\uDE00", "*"})
    void what_cannot_be_matched_in_linear_time_or_at_all_is_refused_where_it_stands(String pattern) {
        assertEquals(
                "/properties/x/pattern",
                assertThrows(FormSchema.Malformed.class, () -> FormSchema.of(withPattern(pattern)))
                        .pointer());
        ObjectNode names = schema("\"patternProperties\": {}");
        ((ObjectNode) names.get("patternProperties")).putObject(pattern);
        assertEquals(
                "/patternProperties/" + Pointer.escape(pattern),
                assertThrows(FormSchema.Malformed.class, () -> FormSchema.of(names))
                        .pointer());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "^[0-9]{2,3}[가-힣][0-9]{4}$ 12가3456 12a3456",
                "^[0-9]{2,3}[\\uAC00-\\uD7A3][0-9]{4}$ 123힣3456 12ㄱ3456",
                "^\\p{L}{2,20}$ 홍길동 홍1",
                "^\\p{Hangul}+$ 홍길동 Hong",
                "^01[016789]-?\\d{3,4}-?\\d{4}$ 010-1234-5678 02-123-4567",
                "^\\d{6}-[1-4]\\d{6}$ 900101-1234567 900101-9234567",
                "^[a-z]{1,20}(-[a-z]{1,20}){0,20}$ a-b-c a--c",
                "나 가나다 가다",
                "^\\\\u$ \\u u",
                "^[^\\]{]{3}$ 가나다 가]다"
            })
    void expressions_as_forms_need_them_work(String pattern, String good, String bad) {
        assertTrue(accepts(pattern, good), pattern + " should take " + good);
        assertEquals(false, accepts(pattern, bad), pattern + " should not take " + bad);
    }

    @Test
    void references_that_could_double_without_end_are_refused() {
        ObjectNode doubling =
                schema("\"$defs\": {\"a\": {\"allOf\": [{\"$ref\": \"#/$defs/b\"}, {\"$ref\": \"#/$defs/b\"}]},"
                        + " \"b\": {\"type\": \"string\"}}, \"properties\": {\"x\": {\"$ref\": \"#/$defs/a\"}}");
        assertEquals(
                "/$defs/a/allOf/0/$ref",
                assertThrows(FormSchema.Malformed.class, () -> FormSchema.of(doubling))
                        .pointer());
        for (String reference : List.of("#", "#/properties/x", "other.json", "#/$defs/b/allOf/0")) {
            ObjectNode endless = schema("\"properties\": {\"x\": {\"$ref\": \"" + reference + "\"}}");
            assertEquals(
                    "/properties/x/$ref",
                    assertThrows(FormSchema.Malformed.class, () -> FormSchema.of(endless))
                            .pointer());
        }
        FormSchema plain = FormSchema.of(schema("\"$defs\": {\"name\": {\"type\": \"string\", \"minLength\": 2}},"
                + " \"properties\": {\"x\": {\"$ref\": \"#/$defs/name\"}}"));
        assertEquals(1, plain.check(form("가")).size());
        assertEquals(0, plain.check(form("가나")).size());
    }
}
