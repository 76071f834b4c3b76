package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.ca.DevelopmentCa;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod of the development values mounts or reads is made by {@code k8s/development-secrets}, or by an operator. */
class DevelopmentSecretsTest {

    /** Made by Strimzi and CloudNativePG. */
    private static final Set<String> BY_OPERATORS = Set.of(
            "madang-kafka-cluster-ca-cert",
            "madang-identity",
            "madang-payment",
            "madang-records",
            "madang-postgres-ca");

    @Test
    void the_script_makes_every_secret_and_config_map_with_every_key(@TempDir Path state)
            throws IOException, InterruptedException {
        DevelopmentCa.open(state.resolve("data/keys/ca"), InstantSource.system());
        Path chain = Files.createDirectories(state.resolve("data/keys/chain"));
        for (String key : Set.of(
                "payment-operator",
                "auditor",
                "treasurer-a",
                "treasurer-b",
                "identity-authority",
                "records-anchor",
                "agency-city-hall",
                "agency-transport",
                "agency-treasury")) {
            Files.writeString(chain.resolve(key + ".hex"), "0".repeat(63) + "1");
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", Charts.HERE.resolve("development-secrets").toString(), "madang")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("MADANG_STATE", state.toString());
        Process script = builder.start();
        String text = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, script.waitFor());

        Map<String, Set<String>> made = new TreeMap<>();
        for (JsonNode object : Charts.parse(text)) {
            Set<String> keys = new TreeSet<>();
            object.path("data").fieldNames().forEachRemaining(keys::add);
            made.put(object.at("/metadata/name").asText(), keys);
        }
        Map<String, Set<String>> needed = needed();
        needed.keySet().removeAll(BY_OPERATORS);
        assertTrue(needed.size() >= 10, needed::toString);
        needed.forEach((name, keys) -> {
            assertTrue(made.containsKey(name), () -> "not made: " + name);
            assertTrue(made.get(name).containsAll(keys), () -> name + " lacks some of " + keys);
        });
    }

    /** Names of Secrets and ConfigMaps that are not the chart's own, with the keys that are asked for. */
    private static Map<String, Set<String>> needed() {
        Map<String, Set<String>> found = new TreeMap<>();
        var objects = Charts.objects(Charts.example("development"));
        Charts.pods(objects).forEach(entry -> {
            Charts.elements(entry.getValue().at("/spec/volumes")).forEach(volume -> {
                JsonNode source = volume.has("secret") ? volume.path("secret") : volume.path("configMap");
                String name = source.path(volume.has("secret") ? "secretName" : "name")
                        .asText();
                if (!name.isEmpty()) {
                    Set<String> keys = found.computeIfAbsent(name, none -> new TreeSet<>());
                    Charts.elements(source.path("items"))
                            .forEach(item -> keys.add(item.path("key").asText()));
                }
            });
            Charts.containers(entry.getValue())
                    .flatMap(container -> Charts.elements(container.path("env")))
                    .map(variable -> variable.at("/valueFrom/secretKeyRef"))
                    .filter(JsonNode::isObject)
                    .forEach(reference -> found.computeIfAbsent(
                                    reference.path("name").asText(), none -> new TreeSet<>())
                            .add(reference.path("key").asText()));
        });
        // files that are read by their path
        found.get("madang-trust").add("root.pem");
        found.get("madang-wallet-providers").add("wallet-providers.pem");
        found.get("madang-agency-ca").addAll(Set.of("tls.crt", "tls.key"));
        found.get("madang-gateway-tls").addAll(Set.of("tls.crt", "tls.key"));
        found.get("madang-payment-chain-keys")
                .addAll(Set.of(
                        "payment-operator.hex",
                        "auditor.hex",
                        "treasurer-a.hex",
                        "treasurer-b.hex",
                        "identity-authority.hex",
                        "agency-city-hall.hex"));
        found.get("madang-records-chain-keys").add("records-anchor.hex");
        objects.stream()
                .filter(object -> Charts.kind(object).equals("Keycloak"))
                .forEach(keycloak -> found.put(
                        keycloak.at("/spec/db/passwordSecret/name").asText(),
                        new TreeSet<>(Set.of("username", "password"))));
        return found;
    }
}
