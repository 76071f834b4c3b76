package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.k8s.Charts.Example;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No object holds a field that its kind does not know, which an API server would drop or refuse. Most kinds are read into their
 * published Java types; for those that have none here, {@code fields.yaml} lists what the chart uses of them.
 */
class FieldsTest {

    /** Reads strictly: what a type would put aside as an additional property is an error. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final String KUBERNETES = "io.fabric8.kubernetes.api.model.";

    /** Types by API version and kind. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("v1/ConfigMap", KUBERNETES + "ConfigMap"),
            Map.entry("v1/Service", KUBERNETES + "Service"),
            Map.entry("v1/ServiceAccount", KUBERNETES + "ServiceAccount"),
            Map.entry("v1/PersistentVolumeClaim", KUBERNETES + "PersistentVolumeClaim"),
            Map.entry("v1/Pod", KUBERNETES + "Pod"),
            Map.entry("v1/Secret", KUBERNETES + "Secret"),
            Map.entry("apps/v1/Deployment", KUBERNETES + "apps.Deployment"),
            Map.entry("apps/v1/StatefulSet", KUBERNETES + "apps.StatefulSet"),
            Map.entry("batch/v1/Job", KUBERNETES + "batch.v1.Job"),
            Map.entry("policy/v1/PodDisruptionBudget", KUBERNETES + "policy.v1.PodDisruptionBudget"),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", KUBERNETES + "autoscaling.v2.HorizontalPodAutoscaler"),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", KUBERNETES + "networking.v1.NetworkPolicy"),
            Map.entry("networking.k8s.io/v1/Ingress", KUBERNETES + "networking.v1.Ingress"),
            Map.entry("gateway.networking.k8s.io/v1/HTTPRoute", KUBERNETES + "gatewayapi.v1.HTTPRoute"),
            Map.entry("gateway.networking.k8s.io/v1/BackendTLSPolicy", KUBERNETES + "gatewayapi.v1.BackendTLSPolicy"),
            Map.entry("cert-manager.io/v1/Certificate", "io.fabric8.certmanager.api.model.v1.Certificate"),
            Map.entry(
                    "monitoring.coreos.com/v1/ServiceMonitor",
                    "io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor"),
            Map.entry(
                    "monitoring.coreos.com/v1/PrometheusRule",
                    "io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule"),
            Map.entry("kafka.strimzi.io/v1/Kafka", "io.strimzi.api.kafka.model.kafka.Kafka"),
            Map.entry("kafka.strimzi.io/v1/KafkaNodePool", "io.strimzi.api.kafka.model.nodepool.KafkaNodePool"),
            Map.entry("kafka.strimzi.io/v1/KafkaTopic", "io.strimzi.api.kafka.model.topic.KafkaTopic"),
            Map.entry("kafka.strimzi.io/v1/KafkaUser", "io.strimzi.api.kafka.model.user.KafkaUser"));

    private static final Map<String, List<String>> LISTED = listed();

    private static final List<String> COMMON = List.of(
            "apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.labels.*", "metadata.annotations.*");

    static java.util.stream.Stream<Example> examples() {
        return Charts.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void no_object_has_a_field_that_its_kind_does_not_know(Example example) {
        List<String> wrong = new ArrayList<>();
        for (JsonNode object : Charts.objects(example)) {
            wrong.addAll(unknown(object));
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void a_misspelt_field_is_found_in_either_way() {
        ObjectNode deployment = first("production", "Deployment");
        ((ObjectNode) deployment.at("/spec/template/spec/containers/0")).put("imagePullPolice", "Always");
        assertTrue(unknown(deployment).toString().contains("imagePullPolice"));
        ObjectNode kafka = first("production", "Kafka");
        ((ObjectNode) kafka.at("/spec/kafka/listeners/0")).put("pord", 1);
        assertTrue(unknown(kafka).toString().contains("pord"));
        ObjectNode cluster = first("production", "Cluster");
        ((ObjectNode) cluster.at("/spec/storage")).put("syze", "1Gi");
        assertEquals(List.of("Cluster/madang-postgres: spec.storage.syze"), unknown(cluster));
        ObjectNode unheardOf = first("production", "Cluster");
        unheardOf.put("kind", "Clutter");
        assertThrows(AssertionError.class, () -> unknown(unheardOf));
    }

    @Test
    void every_listed_field_is_still_used() {
        Set<String> unused = new TreeSet<>();
        LISTED.forEach((kind, paths) -> paths.forEach(path -> unused.add(kind + " " + path)));
        Charts.examples()
                .flatMap(example -> Charts.objects(example).stream())
                .filter(object -> LISTED.containsKey(type(object)))
                .forEach(object -> leaves("", object).forEach(leaf -> LISTED.get(type(object)).stream()
                        .filter(path -> covers(path, leaf))
                        .forEach(path -> unused.remove(type(object) + " " + path))));
        assertEquals(Set.of(), unused);
    }

    private static List<String> unknown(JsonNode object) {
        String type = type(object);
        if (LISTED.containsKey(type)) {
            return leaves("", object).stream()
                    .filter(leaf -> COMMON.stream().noneMatch(path -> covers(path, leaf)))
                    .filter(leaf -> LISTED.get(type).stream().noneMatch(path -> covers(path, leaf)))
                    .map(leaf -> Charts.name(object) + ": " + leaf)
                    .toList();
        }
        String name = TYPES.get(type);
        if (name == null) {
            throw new AssertionError("nothing is known of the kind " + type);
        }
        try {
            STRICT.treeToValue(object, Class.forName(name));
            return List.of();
        } catch (UnrecognizedPropertyException unrecognized) {
            return List.of(Charts.name(object) + ": " + unrecognized.getPathReference());
        } catch (JsonProcessingException | ClassNotFoundException broken) {
            return List.of(Charts.name(object) + ": " + broken.getMessage());
        }
    }

    private static String type(JsonNode object) {
        return object.path("apiVersion").asText() + "/" + Charts.kind(object);
    }

    /** Paths of what is no object or list, members joined by dots, elements of lists not counted. */
    private static List<String> leaves(String path, JsonNode node) {
        List<String> found = new ArrayList<>();
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(member -> found.addAll(leaves(
                            path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue())));
        } else if (node.isArray() && !node.isEmpty()) {
            node.forEach(element -> found.addAll(leaves(path, element)));
        } else {
            found.add(path);
        }
        return found;
    }

    /** A listed path that ends in {@code .*} covers all below it. */
    private static boolean covers(String path, String leaf) {
        return path.endsWith(".*") ? leaf.startsWith(path.substring(0, path.length() - 1)) : path.equals(leaf);
    }

    private static ObjectNode first(String example, String kind) {
        return (ObjectNode) Charts.objects(Charts.example(example)).stream()
                .filter(object -> Charts.kind(object).equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, List<String>> listed() {
        try (InputStream in = FieldsTest.class.getResourceAsStream("/fields.yaml")) {
            return Charts.YAML.convertValue(
                    Charts.YAML.readTree(in),
                    new com.fasterxml.jackson.core.type.TypeReference<Map<String, List<String>>>() {});
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
