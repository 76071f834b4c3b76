package city.madang.gateway.description;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One service's OpenAPI document on its way into the common one. Merging knows names only, so that two services which
 * use one name for two things (a schema {@code Problem}, an operation {@code list}) must be told apart before.
 */
final class Fragment {

    private static final String COMPONENTS = "#/components/";

    private final String service;
    private final ObjectNode document;

    Fragment(String service, ObjectNode document) {
        this.service = service;
        this.document = document;
    }

    ObjectNode document() {
        return document;
    }

    /** Removes the paths that the gateway does not publish, and what speaks of the service alone. */
    void keepPublic(Predicate<String> isPublic) {
        document.remove(List.of("servers", "info"));
        if (document.get("paths") instanceof ObjectNode paths) {
            List<String> names = new ArrayList<>();
            paths.fieldNames().forEachRemaining(names::add);
            names.stream().filter(name -> !isPublic.test(name)).forEach(paths::remove);
        }
    }

    /** Gives each answer the description that OpenAPI asks for (3.1 §4.8.17), where the service wrote none: what its status is called. */
    void describeAnswers() {
        for (JsonNode path : document.path("paths")) {
            for (JsonNode operation : path) {
                for (Map.Entry<String, JsonNode> answer :
                        operation.path("responses").properties()) {
                    if (answer.getValue() instanceof ObjectNode node
                            && !node.has("description")
                            && !node.has("$ref")
                            && answer.getKey().matches("[1-5][0-9]{2}")) {
                        node.put(
                                "description",
                                HttpResponseStatus.valueOf(Integer.parseInt(answer.getKey()))
                                        .reasonPhrase());
                    }
                }
            }
        }
    }

    /**
     * Renames what collides with earlier documents, then enters its own names.
     *
     * @param components what each component reference stands for so far
     * @param operations operation ids so far
     */
    void tellApart(Map<String, JsonNode> components, Set<String> operations) {
        Map<String, String> renamed = new HashMap<>();
        if (document.get("components") instanceof ObjectNode kinds) {
            for (Map.Entry<String, JsonNode> kind : kinds.properties()) {
                // a security scheme is referred to by its bare name, and the suite has one of each name
                if (kind.getValue() instanceof ObjectNode members
                        && !kind.getKey().equals("securitySchemes")) {
                    renameMembers(kind.getKey(), members, components, renamed);
                }
            }
        }
        if (!renamed.isEmpty()) {
            redirect(document, renamed);
        }
        renameOperations(operations);
    }

    private void renameMembers(
            String kind, ObjectNode members, Map<String, JsonNode> components, Map<String, String> renamed) {
        for (Map.Entry<String, JsonNode> member : new ArrayList<>(members.properties())) {
            String reference = COMPONENTS + kind + "/" + member.getKey();
            JsonNode earlier = components.putIfAbsent(reference, member.getValue());
            if (earlier != null && !earlier.equals(member.getValue())) {
                String name = service + "." + member.getKey();
                members.remove(member.getKey());
                members.set(name, member.getValue());
                renamed.put(reference, COMPONENTS + kind + "/" + name);
            }
        }
    }

    private void renameOperations(Set<String> operations) {
        Set<String> own = new HashSet<>();
        for (JsonNode path : document.path("paths")) {
            for (JsonNode operation : path) {
                if (operation instanceof ObjectNode node && node.get("operationId") instanceof TextNode id) {
                    String name = operations.contains(id.textValue()) ? service + "." + id.textValue() : id.textValue();
                    node.put("operationId", name);
                    own.add(name);
                }
            }
        }
        operations.addAll(own);
    }

    /** Rewrites {@code $ref} and the mapping of discriminators, wherever they stand. */
    private static void redirect(JsonNode node, Map<String, String> renamed) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : new ArrayList<>(object.properties())) {
                String target = member.getValue().isTextual()
                        ? renamed.get(member.getValue().textValue())
                        : null;
                if (target != null) {
                    object.put(member.getKey(), target);
                } else {
                    redirect(member.getValue(), renamed);
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(element -> redirect(element, renamed));
        }
    }
}
