package city.madang.records;

import city.madang.kit.problem.CommonProblem;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads members of a JSON object that a caller wrote; a mistake is a problem that names the member. */
public final class Members {

    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");

    private Members() {}

    /** Refuses what is no object, or has others than these. */
    public static void only(JsonNode tree, Set<String> members) {
        if (!tree.isObject()) {
            throw CommonProblem.INVALID_REQUEST.with("the body must be an object");
        }
        tree.fieldNames().forEachRemaining(name -> {
            if (!members.contains(name)) {
                throw CommonProblem.INVALID_REQUEST.with("the body has an unknown member");
            }
        });
    }

    /** @param name as the problem calls it */
    public static String text(JsonNode node, String name, int longest) {
        if (!node.isTextual() || node.asText().isBlank() || node.asText().length() > longest) {
            throw CommonProblem.INVALID_REQUEST.with(name + " must be text of 1 to " + longest + " characters");
        }
        return node.asText();
    }

    /** Of a member with texts by language. */
    public static String text(JsonNode tree, String member, String language, int longest) {
        return text(tree.path(member).path(language), member + "." + language, longest);
    }

    public static UUID uuid(JsonNode tree, String member) {
        try {
            return UUID.fromString(tree.path(member).asText());
        } catch (IllegalArgumentException malformed) {
            throw CommonProblem.INVALID_REQUEST.with(member + " must be a UUID");
        }
    }

    public static String slug(JsonNode tree, String member) {
        JsonNode slug = tree.path(member);
        if (!slug.isTextual() || !SLUG.matcher(slug.asText()).matches()) {
            throw CommonProblem.INVALID_REQUEST.with(member + " must be an id");
        }
        return slug.asText();
    }
}
