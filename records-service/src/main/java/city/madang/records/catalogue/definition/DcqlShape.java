package city.madang.records.catalogue.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a tree has the shape of a DCQL query (OpenID4VP 1.0 §6) that asks for SD-JWT credentials. */
final class DcqlShape {

    private static final int MOST_CREDENTIALS = 8;
    private static final int MOST_CLAIMS = 40;
    private static final int LONGEST = 300;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,60}");

    private DcqlShape() {}

    /**
     * Reports what is wrong.
     *
     * @return for each credential's id the top-level claims asked for, or null if it asks for all of them
     */
    static Map<String, @Nullable Set<String>> check(JsonNode dcql, BiConsumer<String, String> wrong) {
        Map<String, @Nullable Set<String>> disclosed = new HashMap<>();
        JsonNode credentials = dcql.path("credentials");
        if (!credentials.isArray() || credentials.isEmpty() || credentials.size() > MOST_CREDENTIALS) {
            wrong.accept("/credentials/credentials", "must be a list of 1 to " + MOST_CREDENTIALS);
            return disclosed;
        }
        for (int i = 0; i < credentials.size(); i++) {
            String at = "/credentials/credentials/" + i;
            JsonNode credential = credentials.path(i);
            String id = credential.path("id").asText();
            if (!ID.matcher(id).matches()) {
                wrong.accept(at + "/id", "must be 1 to 60 letters, digits, - or _");
            } else if (disclosed.containsKey(id)) {
                wrong.accept(at + "/id", "stands twice");
            }
            if (!"dc+sd-jwt".equals(credential.path("format").asText())) {
                wrong.accept(at + "/format", "must be \"dc+sd-jwt\"");
            }
            JsonNode types = credential.path("meta").path("vct_values");
            if (!types.isArray() || types.isEmpty() || types.size() > MOST_CREDENTIALS || !allText(types)) {
                wrong.accept(at + "/meta/vct_values", "must be a list of 1 to " + MOST_CREDENTIALS + " types");
            }
            disclosed.put(id, credential.has("claims") ? claims(credential.path("claims"), at, wrong) : null);
        }
        return disclosed;
    }

    private static Set<String> claims(JsonNode claims, String credential, BiConsumer<String, String> wrong) {
        Set<String> names = new HashSet<>();
        if (!claims.isArray() || claims.isEmpty() || claims.size() > MOST_CLAIMS) {
            wrong.accept(credential + "/claims", "must be a list of 1 to " + MOST_CLAIMS);
            return names;
        }
        for (int i = 0; i < claims.size(); i++) {
            JsonNode path = claims.path(i).path("path");
            if (!path.isArray()
                    || path.isEmpty()
                    || path.size() > 10
                    || !path.path(0).isTextual()) {
                wrong.accept(credential + "/claims/" + i + "/path", "must be a list that begins with a claim's name");
                continue;
            }
            for (JsonNode step : path) {
                boolean index = step.isInt() && step.asInt() >= 0;
                boolean name = step.isTextual() && step.asText().length() <= LONGEST;
                if (!index && !name && !step.isNull()) {
                    wrong.accept(credential + "/claims/" + i + "/path", "holds a step that is no name, index or null");
                }
            }
            names.add(path.path(0).asText());
        }
        return names;
    }

    private static boolean allText(JsonNode list) {
        for (JsonNode item : list) {
            if (!item.isTextual() || item.asText().isBlank() || item.asText().length() > LONGEST) {
                return false;
            }
        }
        return true;
    }
}
