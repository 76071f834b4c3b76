package city.madang.devstack.testing.description;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an OpenAPI 3.1 document promises of success answers, whose schemas are JSON Schema 2020-12 (OpenAPI 3.1 §4.8.24).
 *
 * <p>An object may have only the members that its schema names, also where the schema leaves room for others: a service names all that
 * it sends itself.
 */
public final class ApiDescription {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .locale(Locale.ENGLISH)
            .build();

    private final JsonNode paths;
    private final JsonNode components;
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private final Map<JsonNode, JsonSchema> schemas = new ConcurrentHashMap<>();

    /** @param document OpenAPI 3.1 */
    public ApiDescription(JsonNode document) {
        this.paths = document.path("paths");
        this.components = named(document.path("components").deepCopy());
    }

    /** @param json OpenAPI 3.1 */
    public static ApiDescription of(String json) {
        try {
            return new ApiDescription(JSON.readTree(json));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("the description is not JSON", broken);
        }
    }

    /**
     * An answer.
     *
     * @param path as it was asked for, without query
     * @param contentType empty if there is none
     */
    public record Answer(String method, String path, int status, String contentType, byte[] body) {

        @Override
        public String toString() {
            return method + " " + path + " " + status + " " + contentType;
        }
    }

    /** In what a success answer is other than described; nothing for other answers, and for paths that are not described. */
    public List<String> faults(Answer answer) {
        if (answer.status() / 100 != 2) {
            return List.of();
        }
        return operation(answer)
                .map(operation -> faults(answer, operation.path("responses").path(Integer.toString(answer.status()))))
                .orElse(List.of());
    }

    /** In what a JSON value is other than a schema of this document says. */
    public List<String> faults(String schema, String json) {
        try {
            return faults(JSON.readTree(schema), "application/json", json.getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("the schema is not JSON", broken);
        }
    }

    private Optional<JsonNode> operation(Answer answer) {
        return paths.properties().stream()
                .filter(path -> Template.matches(path.getKey(), answer.path()))
                .min(Map.Entry.comparingByKey(Template.PLAIN_FIRST))
                .map(path -> path.getValue().path(answer.method().toLowerCase(Locale.ROOT)))
                .filter(JsonNode::isObject);
    }

    private List<String> faults(Answer answer, JsonNode described) {
        if (described.isMissingNode()) {
            return List.of("the status is not described");
        }
        JsonNode content = described.path("content");
        if (answer.body().length == 0) {
            return content.isEmpty() ? List.of() : List.of("there is no body");
        }
        String type = mediaType(answer.contentType());
        Optional<JsonNode> media = media(content, type);
        if (media.isEmpty()) {
            // whatever was given, which is no JSON of this service's
            return media(content, "*/*")
                    .map(any -> faultsOfMedia(any, "", answer.body()))
                    .orElse(List.of("a body of this type is not described"));
        }
        return faultsOfMedia(media.get(), type, answer.body());
    }

    private List<String> faultsOfMedia(JsonNode media, String type, byte[] body) {
        JsonNode schema = media.path("schema");
        return schema.isMissingNode() ? List.of("the body has no schema") : faults(schema, type, body);
    }

    private List<String> faults(JsonNode schema, String type, byte[] body) {
        JsonNode value;
        try {
            // what is no JSON is a text or bytes, of which the schema can only say that
            value = type.equals("application/json") || type.endsWith("+json")
                    ? JSON.readTree(body)
                    : TextNode.valueOf(new String(body, StandardCharsets.ISO_8859_1));
        } catch (IOException broken) {
            return List.of("the body is not JSON");
        }
        List<String> faults = new ArrayList<>();
        schemas.computeIfAbsent(schema, this::compiled)
                .validate(value)
                .forEach(fault -> faults.add(fault.getMessage()));
        return faults;
    }

    private static Optional<JsonNode> media(JsonNode content, String type) {
        return content.properties().stream()
                .filter(each -> mediaType(each.getKey()).equals(type))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private JsonSchema compiled(JsonNode schema) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", components);
        whole.setAll((ObjectNode) named(schema.deepCopy()));
        return factory.getSchema(whole, CONFIG);
    }

    /** Closes each schema of an object that names members: the others are none of this service's. */
    private static JsonNode named(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path("properties").isObject()) {
            object.put("additionalProperties", false);
        }
        schema.forEach(ApiDescription::named);
        return schema;
    }

    private static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
