package city.madang.records.catalogue.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A form's JSON Schema (draft 2020-12) that refers to nothing outside itself. */
public final class FormSchema {

    public static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    /** More errors than a person corrects at once are of no use. */
    private static final int ERRORS_SHOWN = 50;

    /** Keywords that could make the validator fetch or rename a schema. */
    private static final Set<String> IDENTITY =
            Set.of("$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$vocabulary");

    /** Members whose children are data or names, not schemas. */
    private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "$defs", "dependentSchemas", "dependentRequired");

    private static final String DEFINITIONS = "#/$defs/";

    /**
     * Sizes of all expressions together, each in a definition counted for every reference: a form of the greatest length is
     * then checked within seconds whatever an agency writes.
     */
    private static final int LARGEST_PATTERNS = 5_000;

    private final JsonSchema schema;

    private FormSchema(JsonSchema schema) {
        this.schema = schema;
    }

    /** @throws Malformed if it is no schema that can be used */
    public static FormSchema of(JsonNode document) {
        if (!document.isObject() || !DRAFT.equals(document.path("$schema").asText())) {
            throw new Malformed("", "must be an object whose $schema is " + DRAFT);
        }
        if (!"object".equals(document.path("type").asText())) {
            throw new Malformed("/type", "must be \"object\"");
        }
        Reading reading = new Reading();
        reading.read(document, "");
        reading.refuseCostly();
        try {
            JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
                    SpecVersion.VersionFlag.V202012,
                    // the draft's own meta-schemas are on the classpath; nothing else is ever loaded
                    builder -> builder.schemaLoaders(loaders -> loaders.add(location -> {
                        if (location.toString().startsWith("https://json-schema.org/draft/2020-12/")
                                || location.toString().startsWith("classpath:draft/2020-12/")) {
                            return null;
                        }
                        throw new JsonSchemaException("a schema may not refer outside itself");
                    })));
            SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                    .pathType(PathType.JSON_POINTER)
                    .formatAssertionsEnabled(true)
                    .regularExpressionFactory(FormPattern::of)
                    .locale(Locale.ENGLISH)
                    .build();
            JsonSchema meta = factory.getSchema(SchemaLocation.of(SchemaId.V202012), config);
            var wrong = meta.validate(document.toString(), InputFormat.JSON);
            if (!wrong.isEmpty()) {
                var first = wrong.iterator().next();
                throw new Malformed(first.getInstanceLocation().toString(), first.getMessage());
            }
            JsonSchema schema = factory.getSchema(document, config);
            schema.initializeValidators();
            return new FormSchema(schema);
        } catch (JsonSchemaException unusable) {
            throw new Malformed("", "is not a usable schema: " + unusable.getMessage());
        }
    }

    /** What is wrong with a form; empty when it is valid. */
    public List<FormError> check(JsonNode form) {
        return schema.validate(form).stream()
                .limit(ERRORS_SHOWN)
                .map(message -> new FormError(
                        withProperty(message.getInstanceLocation().toString(), message.getProperty()),
                        message.getError()))
                .toList();
    }

    private static String withProperty(String location, @org.jspecify.annotations.Nullable String property) {
        return property == null ? location : location + "/" + Pointer.escape(property);
    }

    /** Walks a schema and refuses what reaches outside it or what could take long to check. */
    private static final class Reading {

        private long patterns;
        private long patternsReferredTo;
        private long references;

        void read(JsonNode schema, String at) {
            if (schema.isArray()) {
                for (int i = 0; i < schema.size(); i++) {
                    read(schema.get(i), at + "/" + i);
                }
                return;
            }
            for (Map.Entry<String, JsonNode> member : schema.properties()) {
                String here = at + "/" + Pointer.escape(member.getKey());
                if (IDENTITY.contains(member.getKey())) {
                    throw new Malformed(here, "is not allowed in a form's schema");
                }
                switch (member.getKey()) {
                    case "$ref" -> reference(member.getValue(), here);
                    case "pattern" -> pattern(member.getValue().asText(), here);
                    default -> {
                        if (NAMED.contains(member.getKey())) {
                            named(member.getKey(), member.getValue(), here);
                        } else if (!DATA.contains(member.getKey())) {
                            read(member.getValue(), here);
                        }
                    }
                }
            }
        }

        private void named(String keyword, JsonNode schemas, String at) {
            for (Map.Entry<String, JsonNode> named : schemas.properties()) {
                String here = at + "/" + Pointer.escape(named.getKey());
                if (keyword.equals("patternProperties")) {
                    pattern(named.getKey(), here);
                }
                read(named.getValue(), here);
            }
        }

        /** Definitions that refer to definitions could double the work with each step, or never end. */
        private void reference(JsonNode reference, String at) {
            if (!reference.asText().startsWith(DEFINITIONS)
                    || reference.asText().indexOf('/', DEFINITIONS.length()) >= 0) {
                throw new Malformed(at, "may only refer to " + DEFINITIONS + "<name> of the same schema");
            }
            if (at.startsWith("/$defs/")) {
                throw new Malformed(at, "may not stand in a definition that others refer to");
            }
            references++;
        }

        private void pattern(String expression, String at) {
            try {
                long size = FormPattern.of(expression).size();
                patterns += size;
                patternsReferredTo += at.startsWith("/$defs/") ? size : 0;
            } catch (IllegalArgumentException unusable) {
                throw new Malformed(at, String.valueOf(unusable.getMessage()));
            }
        }

        void refuseCostly() {
            if (patterns + patternsReferredTo * references > LARGEST_PATTERNS) {
                throw new Malformed("", "has too many or too large regular expressions");
            }
        }
    }

    /** The schema is of no use, and why. */
    public static final class Malformed extends IllegalArgumentException {
        private final String pointer;

        Malformed(String pointer, String why) {
            super(why);
            this.pointer = pointer;
        }

        public String pointer() {
            return pointer;
        }

        public String why() {
            return String.valueOf(getMessage());
        }
    }
}
