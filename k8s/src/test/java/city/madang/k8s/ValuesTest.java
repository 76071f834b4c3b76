package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.k8s.Charts.Example;
import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What values are taken, and what is refused before anything reaches a cluster. */
class ValuesTest {

    static java.util.stream.Stream<Example> examples() {
        return Charts.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_values_file_passes_lint(Example example, @TempDir Path folder) throws IOException {
        LintResult result =
                new Helm(Charts.withValues(example, folder)).lint().strict().call();
        assertFalse(result.isFailed(), () -> String.join("\n", result.getMessages()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_values_file_renders_to_objects_with_distinct_names(Example example) {
        List<JsonNode> objects = Charts.objects(example);
        assertTrue(objects.size() > 10, () -> "only " + objects.size());
        List<String> names = objects.stream().map(Charts::name).toList();
        assertEquals(names.size(), new TreeSet<>(names).size(), () -> "twice: " + twice(names));
        for (JsonNode object : objects) {
            assertEquals("madang", object.at("/metadata/namespace").asText(), Charts.name(object));
        }
    }

    @Test
    void the_entry_for_agencies_and_shared_limits_are_there_when_they_are_wanted_and_else_not() {
        Map<String, Object> wanted =
                Map.of("gateway.agencies.enabled", true, "gateway.redis.secret", "madang-gateway-redis");
        List<JsonNode> with = Charts.objects(Charts.example("production"), wanted);
        List<JsonNode> without = Charts.objects(Charts.example("production"));
        for (String sign : List.of(
                "MADANG_GATEWAY_AGENCIES_PORT",
                "MADANG_GATEWAY_AGENCIES_AUTHORITIES",
                "\"secretName\":\"madang-agency-authorities\"",
                "\"name\":\"MADANG_GATEWAY_REDIS\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"madang-gateway-redis\",\"key\":\"url\"}}",
                "\"name\":\"spi-x509cert-lookup--provider\",\"value\":\"rfc9440\"",
                "\"port\":8444",
                "\"port\":6379")) {
            assertTrue(with.toString().contains(sign), sign);
            assertFalse(without.toString().contains(sign), sign);
        }
        assertTrue(with.stream()
                .anyMatch(object -> Charts.kind(object).equals("Service")
                        && Charts.name(object).contains("gateway-agencies")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            environment             | staging
            origin                  | http://city.example
            origin                  | https://city.example/
            image.tag               | latest
            image.repository        | https://city.example/madang
            image.pullPolicy        | Sometimes
            image.digests.gateway   | sha256:12
            image.digests.ledger    | sha256:0000000000000000000000000000000000000000000000000000000000000000
            gateway.replica         | 3
            gateway.replicas        | many
            gateway.agencies.enabled | perhaps
            gateway.agencies.authoritiesSecret | Has_Capitals
            gateway.redis.port      | 0
            gateway.resources.limits.memory | 1 GB
            records.storage.accessMode | ReadWriteOncePod
            migrations.mode         | by-hand
            postgres.sslMode        | prefer
            kafka.operator.replicas | 2
            keycloak.operator.image | keycloak:latest
            chain.ledgerAddress     | 0x123
            tests.image             | curlimages/curl:latest
            tests.image             | curlimages/curl
            monitoring.rules.runbookUrl | somewhere
            podDefaults.runAsUser   | 0
            identity.signIn.secret  | Has_Capitals
            unheardOf               | 1
            """)
    void a_value_that_the_schema_does_not_know_is_refused(String value, String what) {
        String message = refusal("development", Map.of(value.strip(), what.strip()));
        String last = value.strip().substring(value.strip().lastIndexOf('.') + 1);
        assertTrue(message.contains(last), message);
        assertTrue(message.contains("values don't meet the specifications of the schema"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            identity.replicas=2                                     | identity.storage.accessMode ReadWriteMany
            payment.autoscaling.enabled=true                        | payment.storage.accessMode ReadWriteMany
            sealing.enabled=true                                    | records.storage.accessMode ReadWriteMany
            sealing.enabled=true,records.enabled=false              | sealing needs records.enabled
            chain.rpcUrl=                                           | payment needs chain.rpcUrl
            chain.profile=production                                | chain.ledgerAddress is needed
            chain.profile=production,payment.enabled=false          | chain.anchorAddress is needed
            postgres.operator.enabled=false                         | postgres.external.host is needed
            kafka.operator.enabled=false                            | kafka.external.bootstrapServers is needed
            keycloak.operator.enabled=false                         | keycloak.external.url is needed
            keycloak.operator.enabled=false,keycloak.external.url=http://k:8080 | keycloak.external.peers is needed
            tls.certManager.enabled=true                            | tls.certManager.issuerRef.name is needed
            exposure.httpRoute.enabled=true                         | exposure.httpRoute.parentRefs is needed
            exposure.httpRoute.enabled=true,exposure.ingress.enabled=true | one of httpRoute and ingress
            externalSecrets.enabled=true                            | externalSecrets.storeRef.name is needed
            """)
    void values_that_do_not_fit_together_are_refused_with_what_is_missing(String values, String why) {
        Map<String, Object> set = new HashMap<>();
        for (String pair : values.strip().split(",")) {
            set.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        String message = refusal("development", set);
        assertTrue(message.contains(why.strip()), message);
    }

    @Test
    void a_chain_needs_four_validators_with_distinct_addresses() {
        assertTrue(refusal("besu", Map.of("validators[0].address", "0x12")).contains("address"));
        JsonNode validators = readExample("besu").path("validators");
        String second = validators.get(1).path("address").asText();
        assertTrue(refusal("besu", Map.of("validators[0].address", second)).contains("an address stands there twice"));
        assertTrue(refusal("besu", Map.of("genesis.requestTimeoutSeconds", 2, "genesis.blockPeriodSeconds", 2))
                .contains("at least twice"));
        assertTrue(refusal("besu", Map.of("validators", "null")).contains("validators"));
    }

    @Test
    void every_value_is_described_by_the_schema_and_has_a_default() throws IOException {
        for (String chart : List.of("chart", "besu")) {
            Path folder = Charts.HERE.resolve(chart);
            JsonNode schema =
                    Charts.YAML.readTree(folder.resolve("values.schema.json").toFile());
            JsonNode values = Charts.YAML.readTree(folder.resolve("values.yaml").toFile());
            List<String> missing = new ArrayList<>();
            compare("", values, schema, schema, missing);
            assertEquals(List.of(), missing, chart);
        }
    }

    /** A closed object of the schema has the same members as the defaults have, as far as these are objects. */
    private static void compare(String path, JsonNode value, JsonNode schema, JsonNode root, List<String> missing) {
        JsonNode resolved =
                schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
        if (!value.isObject() || !resolved.path("additionalProperties").isBoolean()) {
            return;
        }
        List<String> optional = List.of("global", "digests", "behavior", "ephemeral-storage");
        resolved.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            if (value.has(name)) {
                compare(path + "." + name, value.get(name), property.getValue(), root, missing);
            } else if (!optional.contains(name) && !path.endsWith(".digests")) {
                missing.add(path + "." + name);
            }
        });
    }

    private static JsonNode readExample(String name) {
        try {
            return Charts.YAML.readTree(Charts.example(name).valuesFile().toFile());
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static String refusal(String example, Map<String, ?> more) {
        return String.valueOf(
                assertThrows(IllegalStateException.class, () -> Charts.render(Charts.example(example), more))
                        .getMessage());
    }

    private static List<String> twice(List<String> names) {
        return names.stream()
                .filter(name -> names.indexOf(name) != names.lastIndexOf(name))
                .toList();
    }
}
