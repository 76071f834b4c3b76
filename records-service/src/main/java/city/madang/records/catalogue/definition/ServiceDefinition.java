package city.madang.records.catalogue.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A public service as its agency describes it: what to show, to pay and to fill in, and what comes out. Made by
 * {@link DefinitionReader}, so an instance is always consistent.
 *
 * @param dcql the DCQL query (OpenID4VP 1.0 §6), or null if no credentials are asked for
 * @param fee in won, 0 if there is none
 * @param attachments what an applicant sends along
 * @param deciding how applications are decided
 * @param terms how long things take
 * @param tree the whole document as it was published
 */
public record ServiceDefinition(
        Text title,
        @Nullable JsonNode dcql,
        long fee,
        JsonNode form,
        List<Attachment> attachments,
        Deciding deciding,
        Outcome record,
        @Nullable Credential credential,
        Terms terms,
        JsonNode tree) {

    /**
     * The record that comes out.
     *
     * @param template XHTML of {@link city.madang.records.paper.RecordTemplate}, or null for the standard one
     */
    public record Outcome(String type, Text title, int validityDays, List<Fact> facts, @Nullable String template) {}

    /** A statement of the record; {@code from} points into {@code {"form": …, "credentials": {…}}}. */
    public record Fact(String name, Text label, String from) {}

    /**
     * A document that an applicant sends along.
     *
     * @param type of the agency's documents, under which it is kept
     */
    public record Attachment(String name, Text title, String type, boolean required) {}

    /** The credential that comes with the record; {@code claims} are names of facts. */
    public record Credential(String id, JsonNode display, int validityDays, List<String> claims) {}

    /** A fact longer than this is cut: a record has a page, not a book. */
    public static final int LONGEST_FACT = 500;

    /**
     * The facts' values in order, by name. A fact whose source is absent is left out.
     *
     * @param form the form as it was checked
     * @param credentials disclosed claims by DCQL id
     */
    public Map<String, String> facts(JsonNode form, JsonNode credentials) {
        ObjectNode sources = JsonNodeFactory.instance.objectNode();
        sources.set("form", form);
        sources.set("credentials", credentials);
        Map<String, String> values = new LinkedHashMap<>();
        for (Fact fact : record.facts()) {
            text(sources.at(fact.from())).ifPresent(value -> values.put(fact.name(), value));
        }
        return values;
    }

    /** The facts after the form was filled in anew; what was disclosed stays. */
    public Map<String, String> refilled(Map<String, String> known, JsonNode form) {
        Map<String, String> fromForm = facts(form, JsonNodeFactory.instance.objectNode());
        Map<String, String> values = new LinkedHashMap<>();
        for (Fact fact : record.facts()) {
            String value = fact.from().startsWith("/form/") ? fromForm.get(fact.name()) : known.get(fact.name());
            if (value != null) {
                values.put(fact.name(), value);
            }
        }
        return values;
    }

    private static Optional<String> text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        return Optional.of(text.length() <= LONGEST_FACT ? text : text.substring(0, LONGEST_FACT));
    }
}
