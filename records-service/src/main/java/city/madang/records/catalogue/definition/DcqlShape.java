package city.madang.records.catalogue.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a tree is a DCQL query (OpenID4VP 1.0 §6) that the identity service can ask and check: SD-JWT credentials bound to
 * their holder, one each. What it would refuse is refused here, since an application for it could never go on.
 */
final class DcqlShape {

    static final int MOST_CREDENTIALS = 10;
    static final int MOST_CLAIMS = 50;
    static final int MOST_VALUES = 20;
    /** Characters of the whole query. */
    static final int LONGEST_QUERY = 16 * 1024;

    private static final int LONGEST = 300;
    private static final int LONGEST_PATH = 10;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,60}");
    private static final Pattern TYPE = Pattern.compile("[\\x21-\\x7e]{1," + LONGEST + "}");
    private static final Pattern POSITION = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final String ROOT = "/credentials";

    private final BiConsumer<String, String> wrong;

    /**
     * A claim that is asked for.
     *
     * @param steps names from the top; null for any position in an array, since elements that were not asked for are left out
     */
    record Asked(List<@Nullable String> steps) {

        /** Whether there can be something at a JSON pointer's tokens: at the claim, within it or on the way to it. */
        boolean covers(List<String> tokens) {
            for (int i = 0; i < Math.min(steps.size(), tokens.size()); i++) {
                @Nullable String step = steps.get(i);
                boolean same = step == null ? POSITION.matcher(tokens.get(i)).matches() : step.equals(tokens.get(i));
                if (!same) {
                    return false;
                }
            }
            return !steps.isEmpty();
        }
    }

    private DcqlShape(BiConsumer<String, String> wrong) {
        this.wrong = wrong;
    }

    /**
     * Reports what is wrong.
     *
     * @return for each credential's id what it may disclose; nothing for one that no set asks for
     */
    static Map<String, Set<Asked>> check(JsonNode dcql, BiConsumer<String, String> wrong) {
        return new DcqlShape(wrong).query(dcql);
    }

    private Map<String, Set<Asked>> query(JsonNode dcql) {
        Map<String, Set<Asked>> disclosed = new HashMap<>();
        onlyMembers(dcql, ROOT, Set.of("credentials", "credential_sets"));
        if (dcql.toString().length() > LONGEST_QUERY) {
            wrong.accept(ROOT, "may have " + LONGEST_QUERY + " characters");
        }
        JsonNode credentials = dcql.path("credentials");
        if (list(credentials, ROOT + "/credentials", MOST_CREDENTIALS)) {
            for (int i = 0; i < credentials.size(); i++) {
                credential(credentials.path(i), ROOT + "/credentials/" + i, disclosed);
            }
        }
        @Nullable JsonNode sets = dcql.get("credential_sets");
        if (sets != null) {
            Set<String> needed = credentialSets(sets, disclosed.keySet());
            disclosed.replaceAll((id, claims) -> needed.contains(id) ? claims : Set.of());
        }
        return disclosed;
    }

    private void credential(JsonNode credential, String at, Map<String, Set<Asked>> disclosed) {
        if (!credential.isObject()) {
            wrong.accept(at, "must be an object");
            return;
        }
        if (credential.has("trusted_authorities")) {
            wrong.accept(at + "/trusted_authorities", "is not supported: this city's own agencies are trusted");
        }
        flag(credential, at, "multiple", false, "is not supported: one credential is asked for at a time");
        flag(
                credential,
                at,
                "require_cryptographic_holder_binding",
                true,
                "is not supported: a credential must be bound to its holder");
        onlyMembers(
                credential,
                at,
                Set.of(
                        "id",
                        "format",
                        "meta",
                        "claims",
                        "claim_sets",
                        "multiple",
                        "trusted_authorities",
                        "require_cryptographic_holder_binding"));
        if (!credential.path("format").isTextual()
                || !"dc+sd-jwt".equals(credential.path("format").asText())) {
            wrong.accept(at + "/format", "must be \"dc+sd-jwt\"");
        }
        types(credential.path("meta"), at + "/meta");
        Set<Asked> asked = claims(credential, at);
        String id = credential.path("id").asText();
        if (!credential.path("id").isTextual() || !ID.matcher(id).matches()) {
            wrong.accept(at + "/id", "must be 1 to 60 letters, digits, - or _");
        } else if (disclosed.put(id, asked) != null) {
            wrong.accept(at + "/id", "stands twice");
        }
    }

    private void flag(JsonNode parent, String at, String member, boolean supported, String why) {
        @Nullable JsonNode value = parent.get(member);
        if (value != null && (!value.isBoolean() || value.asBoolean() != supported)) {
            wrong.accept(at + "/" + member, value.isBoolean() ? why : "must be a boolean");
        }
    }

    private void types(JsonNode meta, String at) {
        onlyMembers(meta, at, Set.of("vct_values"));
        JsonNode types = meta.path("vct_values");
        if (list(types, at + "/vct_values", MOST_VALUES)) {
            for (int i = 0; i < types.size(); i++) {
                JsonNode type = types.path(i);
                if (!type.isTextual() || !TYPE.matcher(type.asText()).matches()) {
                    wrong.accept(at + "/vct_values/" + i, "must be 1 to " + LONGEST + " printable ASCII characters");
                }
            }
        }
    }

    /** The claims that may be disclosed; without {@code claims} none are (§6.4.1). */
    private Set<Asked> claims(JsonNode credential, String at) {
        Map<String, Asked> byId = new HashMap<>();
        Set<Asked> names = new HashSet<>();
        @Nullable JsonNode claims = credential.get("claims");
        if (claims != null && list(claims, at + "/claims", MOST_CLAIMS)) {
            for (int i = 0; i < claims.size(); i++) {
                claim(claims.path(i), at + "/claims/" + i, byId, names);
            }
        }
        @Nullable JsonNode sets = credential.get("claim_sets");
        if (sets == null) {
            return names;
        }
        Set<Asked> inSets = new HashSet<>();
        if (list(sets, at + "/claim_sets", MOST_VALUES)) {
            for (int i = 0; i < sets.size(); i++) {
                String here = at + "/claim_sets/" + i;
                for (String id : ids(sets.path(i), here, MOST_CLAIMS, byId.keySet(), "names no claims query")) {
                    @Nullable Asked asked = byId.get(id);
                    if (asked != null) {
                        inSets.add(asked);
                    }
                }
            }
        }
        return inSets;
    }

    private void claim(JsonNode claim, String at, Map<String, Asked> byId, Set<Asked> names) {
        onlyMembers(claim, at, Set.of("id", "path", "values"));
        Asked asked = path(claim.path("path"), at + "/path");
        names.add(asked);
        @Nullable JsonNode id = claim.get("id");
        if (id != null) {
            if (!id.isTextual() || !ID.matcher(id.asText()).matches()) {
                wrong.accept(at + "/id", "must be 1 to 60 letters, digits, - or _");
            } else if (byId.put(id.asText(), asked) != null) {
                wrong.accept(at + "/id", "stands twice");
            }
        }
        @Nullable JsonNode values = claim.get("values");
        if (values != null && list(values, at + "/values", MOST_VALUES)) {
            for (int i = 0; i < values.size(); i++) {
                JsonNode value = values.path(i);
                boolean integer = value.isIntegralNumber() && value.canConvertToLong();
                if (!value.isTextual() && !integer && !value.isBoolean()) {
                    wrong.accept(at + "/values/" + i, "must be text, an integer of 64 bits or a boolean");
                }
            }
        }
    }

    /** A claims path (§7). */
    private Asked path(JsonNode path, String at) {
        if (!list(path, at, LONGEST_PATH)) {
            return new Asked(List.of());
        }
        List<@Nullable String> steps = new ArrayList<>();
        if (!path.path(0).isTextual()) {
            wrong.accept(at + "/0", "must be a claim's name");
        }
        for (int i = 0; i < path.size(); i++) {
            JsonNode step = path.path(i);
            boolean index = step.isInt() && step.asInt() >= 0;
            boolean name = step.isTextual() && step.asText().length() <= LONGEST;
            if (!index && !name && !step.isNull()) {
                wrong.accept(at + "/" + i, "must be a name, an index or null");
            }
            steps.add(step.isTextual() ? step.asText() : null);
        }
        return new Asked(steps);
    }

    private Set<String> credentialSets(JsonNode sets, Set<String> known) {
        Set<String> needed = new HashSet<>();
        String at = ROOT + "/credential_sets";
        if (list(sets, at, MOST_CREDENTIALS)) {
            for (int i = 0; i < sets.size(); i++) {
                String here = at + "/" + i;
                onlyMembers(sets.path(i), here, Set.of("options", "required"));
                @Nullable JsonNode required = sets.path(i).get("required");
                if (required != null && !required.isBoolean()) {
                    wrong.accept(here + "/required", "must be a boolean");
                }
                JsonNode options = sets.path(i).path("options");
                if (list(options, here + "/options", MOST_CREDENTIALS)) {
                    for (int k = 0; k < options.size(); k++) {
                        String option = here + "/options/" + k;
                        needed.addAll(
                                ids(options.path(k), option, MOST_CREDENTIALS, known, "names no credential query"));
                    }
                }
            }
        }
        return needed;
    }

    private List<String> ids(JsonNode list, String at, int most, Set<String> known, String why) {
        List<String> ids = new ArrayList<>();
        if (list(list, at, most)) {
            for (int i = 0; i < list.size(); i++) {
                JsonNode id = list.path(i);
                if (id.isTextual() && known.contains(id.asText())) {
                    ids.add(id.asText());
                } else {
                    wrong.accept(at + "/" + i, why);
                }
            }
        }
        return ids;
    }

    private boolean list(JsonNode json, String at, int most) {
        if (json.isArray() && !json.isEmpty() && json.size() <= most) {
            return true;
        }
        wrong.accept(at, "must be a list of 1 to " + most);
        return false;
    }

    /** A member that nobody reads is a misspelt one, and would ask for something else than its author meant. */
    private void onlyMembers(JsonNode object, String at, Set<String> allowed) {
        if (!object.isObject()) {
            wrong.accept(at, "must be an object");
            return;
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!allowed.contains(member.getKey())) {
                wrong.accept(at + "/" + Pointer.escape(member.getKey()), "is not known");
            }
        }
    }
}
