package city.madang.records.catalogue.definition;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** How applications are decided when all that is required is there. */
public sealed interface Deciding {

    /** Each is granted. */
    record Automatic() implements Deciding {}

    record ByOfficer() implements Deciding {}

    /**
     * By a rule over the facts of the record.
     *
     * @param grantWhen JSON Schema of the facts (an object of strings by name) of an application that is granted
     * @param otherwiseOfficer whether an officer decides the others; else they are refused
     * @param reason of a refusal by the rule; null if it refuses none
     */
    record ByRule(JsonNode grantWhen, boolean otherwiseOfficer, @Nullable Text reason) implements Deciding {

        /** Whether the rule grants. */
        public boolean grants(JsonNode facts) {
            return FormSchema.of(grantWhen).check(facts).isEmpty();
        }
    }
}
