package city.madang.records.catalogue.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.records.ShippedServices;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How an application is decided and how long things take, as a definition says it; and the schema that is published for editors. */
class TermsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SHIPPED =
            List.of("resident-parking-permit", "trade-licence", "birth-registration");

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private static ObjectNode trade() {
        return (ObjectNode) json(ShippedServices.definition("trade-licence").encode());
    }

    private static FormSchema schema() {
        try (InputStream file = TermsTest.class.getResourceAsStream("/services/service-definition.schema.json")) {
            return FormSchema.of(JSON.readTree(file));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    /** What is wrong, by the pointer at which the reader says so. */
    private static Map<String, ObjectNode> mistakes() {
        Map<String, ObjectNode> mistakes = new LinkedHashMap<>();
        mistakes.put("/decision", changed("/decision", "\"coin\""));
        mistakes.put("/decision/otherwise", changed("/decision/otherwise", "\"perhaps\""));
        mistakes.put("/decision/surprise", changed("/decision/surprise", "1"));
        mistakes.put("/expires_after_days", changed("/expires_after_days", "0"));
        mistakes.put("/review/answer_days", changed("/review/answer_days", "367"));
        mistakes.put("/appeal/days", changed("/appeal/days", "\"long\""));
        mistakes.put("/service_level/working_days", changed("/service_level/working_days", "1.5"));
        mistakes.put("/service_level/calendar/days", changed("/service_level/calendar/days", "[\"mon\", \"mon\"]"));
        mistakes.put("/service_level/calendar/from", changed("/service_level/calendar/from", "\"9\""));
        mistakes.put(
                "/service_level/calendar/holidays/0", changed("/service_level/calendar/holidays", "[\"2026-02-30\"]"));
        mistakes.put("/renewal/days_before_end", changed("/renewal", "{}"));
        mistakes.put("/renewal/fee/amount", changed("/renewal/fee/amount", "-1"));
        mistakes.put("/fee/amount", changed("/fee/amount", "0"));
        mistakes.put("/title/ko", changed("/title/ko", "\"\""));
        mistakes.put("/record/facts/0/name", changed("/record/facts/0/name", "\"Trade Name\""));
        mistakes.put("/credential/validity_days", changed("/credential/validity_days", "3651"));
        mistakes.put("/surprise", changed("/surprise", "true"));
        return mistakes;
    }

    private static ObjectNode changed(String pointer, String value) {
        ObjectNode definition = trade();
        int last = pointer.lastIndexOf('/');
        ((ObjectNode) definition.at(pointer.substring(0, last))).set(pointer.substring(last + 1), json(value));
        return definition;
    }

    @Test
    void the_services_that_ship_are_valid_and_fit_the_published_schema() {
        for (String name : SHIPPED) {
            JsonNode definition = json(ShippedServices.definition(name).encode());
            assertInstanceOf(DefinitionReader.Result.Read.class, DefinitionReader.read(definition), name);
            assertEquals(List.of(), schema().check(definition), name);
        }
    }

    @Test
    void every_mistake_of_form_is_explained_where_it_is_and_the_published_schema_refuses_it_too() {
        FormSchema schema = schema();
        mistakes().forEach((pointer, wrong) -> {
            var result = assertInstanceOf(DefinitionReader.Result.Wrong.class, DefinitionReader.read(wrong), pointer);
            assertTrue(
                    result.errors().stream().anyMatch(error -> error.pointer().equals(pointer)),
                    () -> pointer + " is not among " + result.errors());
            assertTrue(!schema.check(wrong).isEmpty(), () -> "the schema takes a wrong " + pointer);
        });
    }

    @Test
    void what_only_the_reader_can_see_is_explained_as_well() {
        Map<String, ObjectNode> mistakes = new LinkedHashMap<>();
        mistakes.put(
                "/decision/grant_when/properties/colour",
                changed("/decision/grant_when/properties/colour", "{\"const\": \"red\"}"));
        mistakes.put("/decision/reason", changed("/decision/reason", "{\"ko\": \"a\", \"en\": \"a\"}"));
        mistakes.put(
                "/decision/grant_when/properties/trade/$ref",
                changed("/decision/grant_when/properties/trade", "{\"$ref\": \"https://evil.example/x\"}"));
        mistakes.put("/service_level/calendar/to", changed("/service_level/calendar/to", "\"08:00\""));
        mistakes.put("/service_level/calendar/zone", changed("/service_level/calendar/zone", "\"Mars/Olympus\""));
        ObjectNode silent = trade();
        ((ObjectNode) silent.path("decision")).put("otherwise", "refused");
        mistakes.put("/decision/reason/ko", silent);
        mistakes.forEach((pointer, wrong) -> {
            var result = assertInstanceOf(DefinitionReader.Result.Wrong.class, DefinitionReader.read(wrong), pointer);
            assertTrue(
                    result.errors().stream().anyMatch(error -> error.pointer().equals(pointer)),
                    () -> pointer + " is not among " + result.errors());
        });
    }

    @Test
    void a_rule_grants_what_fits_its_schema() {
        ServiceDefinition definition = ((DefinitionReader.Result.Read) DefinitionReader.read(trade())).definition();
        var rule = assertInstanceOf(Deciding.ByRule.class, definition.deciding());
        assertTrue(rule.grants(json(new JsonObject().put("trade", "books").encode())));
        assertTrue(!rule.grants(json(new JsonObject().put("trade", "bakery").encode())));
        assertTrue(!rule.grants(json("{}")));
    }
}
