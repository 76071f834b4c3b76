package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.k8s.Charts.Example;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An upgrade changes objects, never their names; what can't be changed in a cluster stays as it is. */
class StabilityTest {

    static java.util.stream.Stream<Example> examples() {
        return Charts.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void names_and_what_cannot_be_changed_are_the_same_after_an_upgrade(Example example, @TempDir Path folder)
            throws IOException {
        Map<String, String> before = fixed(Charts.objects(example));
        Path next = Charts.withValues(example, folder);
        Path about = next.resolve("Chart.yaml");
        Files.writeString(
                about,
                Files.readString(about)
                        .replaceFirst("(?m)^version: .*$", "version: 7.8.9")
                        .replaceFirst("(?m)^appVersion: .*$", "appVersion: 7.8.9"));
        Map<String, Object> other = new HashMap<>();
        other.put("image.tag", "7.8.9");
        if (!example.name().equals("besu")) {
            other.put("gateway.replicas", 5);
            other.put("podDefaults.drainSeconds", 7);
            other.put("commonLabels.office", "it");
        }
        Example upgraded = new Example(example.name(), next, example.release(), example.values());
        List<JsonNode> after = Charts.objects(upgraded, other);
        assertEquals(before, fixed(after));
        assertTrue(after.toString().contains("7.8.9"));
    }

    @Test
    void what_holds_keys_money_or_documents_outlives_the_release() {
        List<JsonNode> kept = Charts.objects(Charts.example("production")).stream()
                .filter(object -> List.of(
                                "PersistentVolumeClaim",
                                "Cluster",
                                "Database",
                                "Kafka",
                                "KafkaNodePool",
                                "KafkaTopic",
                                "Keycloak")
                        .contains(Charts.kind(object)))
                .toList();
        assertFalse(kept.isEmpty());
        for (JsonNode object : kept) {
            assertEquals(
                    "keep",
                    object.at("/metadata/annotations")
                            .path("helm.sh/resource-policy")
                            .asText(),
                    Charts.name(object));
        }
        Charts.objects(Charts.example("besu")).stream()
                .filter(object -> Charts.kind(object).equals("StatefulSet"))
                .forEach(object -> assertEquals(
                        "Retain",
                        object.at("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted")
                                .asText()));
    }

    @Test
    void long_release_names_still_give_valid_names() {
        Example example = Charts.example("production");
        Example longest = new Example(
                example.name(),
                example.chart(),
                "a-release-name-of-fifty-three-characters-is-the-limit",
                example.values());
        for (JsonNode object : Charts.objects(longest)) {
            String name = object.at("/metadata/name").asText();
            assertTrue(name.matches("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?"), name);
        }
    }

    /** What an API server refuses to change, by the object's name. */
    private static Map<String, String> fixed(List<JsonNode> objects) {
        Map<String, String> found = new TreeMap<>();
        for (JsonNode object : objects) {
            String frozen =
                    switch (Charts.kind(object)) {
                        case "Deployment" -> object.at("/spec/selector").toString();
                        case "StatefulSet" ->
                            object.at("/spec/selector") + " " + object.at("/spec/serviceName") + " "
                                    + object.at("/spec/volumeClaimTemplates");
                        case "PersistentVolumeClaim" ->
                            object.at("/spec/accessModes") + " " + object.at("/spec/storageClassName");
                        case "Service" -> object.at("/spec/selector") + " " + object.at("/spec/clusterIP");
                        default -> "";
                    };
            found.put(Charts.name(object), frozen);
        }
        return found;
    }
}
