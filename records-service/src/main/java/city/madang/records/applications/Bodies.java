package city.madang.records.applications;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.JsonBody;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the bodies that people send about applications. */
final class Bodies {

    /** Bytes of an application, or of an answer with a form. */
    static final int LONGEST_FORM = 64 * 1024;

    /** Bytes of everything else. */
    static final int LONGEST = 16 * 1024;

    static final int LONGEST_REASON = 500;

    /** Characters of a question, an answer or an appeal. */
    static final int LONGEST_TEXT = 2_000;

    private Bodies() {}

    static JsonNode object(@Nullable String body, int longest, Set<String> members) {
        JsonNode tree = JsonBody.read(body, longest);
        if (!tree.isObject()) {
            throw CommonProblem.INVALID_REQUEST.with("the body must be an object");
        }
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            if (!members.contains(member.getKey())) {
                throw CommonProblem.INVALID_REQUEST.with("the body has an unknown member");
            }
        }
        return tree;
    }

    static String text(JsonNode tree, String member, int longest) {
        JsonNode text = tree.path(member);
        if (!text.isTextual() || text.asText().isBlank() || text.asText().length() > longest) {
            throw CommonProblem.INVALID_REQUEST.with(member + " must be text of 1 to " + longest + " characters");
        }
        return text.asText();
    }

    static @Nullable Integer days(JsonNode tree, int most) {
        JsonNode days = tree.path("days");
        if (days.isMissingNode()) {
            return null;
        }
        if (!days.isInt() || days.asInt() < 1 || days.asInt() > most) {
            throw CommonProblem.INVALID_REQUEST.with("days must be an integer from 1 to " + most);
        }
        return days.asInt();
    }

    static boolean flag(JsonNode tree, String member) {
        JsonNode flag = tree.path(member);
        if (!flag.isMissingNode() && !flag.isBoolean()) {
            throw CommonProblem.INVALID_REQUEST.with(member + " must be true or false");
        }
        return flag.asBoolean();
    }

    static @Nullable JsonNode form(JsonNode tree) {
        JsonNode form = tree.path("form");
        if (form.isMissingNode()) {
            return null;
        }
        if (!form.isObject()) {
            throw CommonProblem.INVALID_REQUEST.with("form must be an object");
        }
        return form;
    }

    static @Nullable UUID id(JsonNode tree, String member) {
        JsonNode id = tree.path(member);
        return id.isMissingNode() ? null : read(id, member);
    }

    /** Ids by name; none if the member is absent. */
    static Map<String, UUID> ids(JsonNode tree, String member) {
        JsonNode named = tree.path(member);
        if (!named.isMissingNode() && !named.isObject()) {
            throw CommonProblem.INVALID_REQUEST.with(member + " must be an object");
        }
        Map<String, UUID> ids = new LinkedHashMap<>();
        named.properties().forEach(one -> ids.put(one.getKey(), read(one.getValue(), "each of " + member)));
        return ids;
    }

    private static UUID read(JsonNode id, String name) {
        try {
            if (id.isTextual()) {
                return UUID.fromString(id.asText());
            }
        } catch (IllegalArgumentException malformed) {
            // answered below
        }
        throw CommonProblem.INVALID_REQUEST.with(name + " must be an id");
    }
}
