package city.madang.records.catalogue.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads members of a document and notes, at its JSON pointer, everything that is wrong with it. */
final class Members {

    static final int LONGEST_TITLE = 200;

    private final List<FormError> errors = new ArrayList<>();

    List<FormError> errors() {
        return List.copyOf(errors);
    }

    void wrong(String pointer, String message) {
        errors.add(new FormError(pointer, message));
    }

    void only(JsonNode object, String at, Set<String> allowed) {
        if (!object.isObject()) {
            wrong(at, "must be an object");
            return;
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!allowed.contains(member.getKey())) {
                wrong(at + "/" + Pointer.escape(member.getKey()), "is not known");
            }
        }
    }

    /** An integer from {@code least} to {@code most}. */
    int number(JsonNode parent, String at, String member, int least, int most) {
        JsonNode number = parent.path(member);
        if (!number.isInt() || number.asInt() < least || number.asInt() > most) {
            wrong(at + "/" + member, "must be an integer from " + least + " to " + most);
        }
        return number.asInt();
    }

    /** The same, or what holds when it is absent. */
    int number(JsonNode parent, String at, String member, int least, int most, int absent) {
        return parent.has(member) ? number(parent, at, member, least, most) : absent;
    }

    String matching(JsonNode parent, String at, String member, Pattern pattern) {
        JsonNode value = parent.path(member);
        if (!value.isTextual() || !pattern.matcher(value.asText()).matches()) {
            wrong(at + "/" + member, "must match " + pattern.pattern());
        }
        return value.asText();
    }

    Text text(JsonNode parent, String at, String member, int longest) {
        JsonNode text = parent.path(member);
        String here = at + "/" + member;
        only(text, here, Set.of("ko", "en"));
        for (String language : List.of("ko", "en")) {
            JsonNode value = text.path(language);
            if (!value.isTextual()
                    || value.asText().isBlank()
                    || value.asText().length() > longest
                    || value.asText().chars().anyMatch(Character::isISOControl)) {
                wrong(here + "/" + language, "must be text of 1 to " + longest + " characters");
            }
        }
        return new Text(text.path("ko").asText(), text.path("en").asText());
    }

    /** Won from {@code least} on. */
    long fee(JsonNode fee, String at, long least) {
        only(fee, at, Set.of("amount", "currency"));
        JsonNode amount = fee.path("amount");
        if (!amount.isIntegralNumber()
                || !amount.canConvertToLong()
                || amount.asLong() < least
                || amount.asLong() > DefinitionReader.HIGHEST_FEE) {
            wrong(at + "/amount", "must be an integer from " + least + " to " + DefinitionReader.HIGHEST_FEE);
        }
        if (!"KRW".equals(fee.path("currency").asText())) {
            wrong(at + "/currency", "must be \"KRW\"");
        }
        return amount.asLong();
    }

    /** A usable JSON Schema. */
    void schema(JsonNode schema, String at) {
        try {
            FormSchema.of(schema);
        } catch (FormSchema.Malformed malformed) {
            wrong(at + malformed.pointer(), malformed.why());
        }
    }
}
