package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.k8s.Charts.Example;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no pod of ours may be, do or lack. The restricted pod security standard is part of it. */
class PolicyTest {

    private static final Set<String> VOLUMES = Set.of(
            "configMap", "secret", "emptyDir", "persistentVolumeClaim", "projected", "downwardAPI", "csi", "ephemeral");

    static Stream<Example> examples() {
        return Charts.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void no_image_is_without_a_version_or_latest(Example example) {
        eachContainer(example, (pod, container) -> {
            String image = container.path("image").asText();
            assertTrue(image.matches(".+(:[A-Za-z0-9_.-]+|@sha256:[0-9a-f]{64})"), pod + ": " + image);
            assertFalse(image.endsWith(":latest"), pod + ": " + image);
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void no_process_is_root_or_may_become_it(Example example) {
        Charts.pods(Charts.objects(example)).forEach(entry -> {
            JsonNode spec = entry.getValue().path("spec");
            String pod = entry.getKey();
            assertTrue(spec.at("/securityContext/runAsNonRoot").asBoolean(), pod);
            assertTrue(spec.at("/securityContext/runAsUser").asInt() > 0, pod);
            assertEquals(
                    "RuntimeDefault",
                    spec.at("/securityContext/seccompProfile/type").asText(),
                    pod);
            for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
                assertFalse(spec.path(shared).asBoolean(), pod + " " + shared);
            }
        });
        eachContainer(example, (pod, container) -> {
            JsonNode security = container.path("securityContext");
            assertTrue(security.path("runAsNonRoot").asBoolean(), pod);
            assertFalse(security.path("allowPrivilegeEscalation").asBoolean(true), pod);
            assertFalse(security.path("privileged").asBoolean(true), pod);
            assertEquals("[\"ALL\"]", security.at("/capabilities/drop").toString(), pod);
            assertTrue(security.at("/capabilities/add").isMissingNode(), pod);
            assertFalse(
                    security.path("runAsUser").isInt()
                            && security.path("runAsUser").asInt() == 0,
                    pod);
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_root_file_system_is_read_only_and_every_volume_is_of_a_harmless_kind(Example example) {
        eachContainer(example, (pod, container) -> {
            assertTrue(container.at("/securityContext/readOnlyRootFilesystem").asBoolean(), pod);
            Charts.elements(container.path("volumeMounts"))
                    .filter(mount -> mount.path("mountPath").asText().startsWith("/etc/"))
                    .forEach(mount -> assertTrue(mount.path("readOnly").asBoolean(), pod + " " + mount));
        });
        Charts.pods(Charts.objects(example)).forEach(entry -> {
            Set<String> mounted = new HashSet<>();
            Charts.containers(entry.getValue())
                    .flatMap(container -> Charts.elements(container.path("volumeMounts")))
                    .forEach(mount -> mounted.add(mount.path("name").asText()));
            Charts.elements(entry.getValue().at("/spec/volumes")).forEach(volume -> {
                volume.fieldNames()
                        .forEachRemaining(field -> assertTrue(
                                field.equals("name") || VOLUMES.contains(field), entry.getKey() + " " + field));
                assertTrue(mounted.remove(volume.path("name").asText()), entry.getKey() + " mounts no " + volume);
                if (volume.has("emptyDir")) {
                    assertTrue(volume.at("/emptyDir/sizeLimit").isTextual(), entry.getKey() + " " + volume);
                }
            });
            mounted.remove("data"); // of a claim template
            assertEquals(Set.of(), mounted, entry.getKey());
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void no_pod_holds_a_service_account_token(Example example) {
        List<JsonNode> objects = Charts.objects(example);
        Set<String> accounts = new HashSet<>();
        objects.stream()
                .filter(object -> Charts.kind(object).equals("ServiceAccount"))
                .forEach(account -> {
                    assertFalse(account.path("automountServiceAccountToken").asBoolean(true), Charts.name(account));
                    accounts.add(account.at("/metadata/name").asText());
                });
        Charts.pods(objects).forEach(entry -> {
            JsonNode spec = entry.getValue().path("spec");
            assertFalse(spec.path("automountServiceAccountToken").asBoolean(true), entry.getKey());
            if (spec.has("serviceAccountName")) {
                assertTrue(accounts.contains(spec.path("serviceAccountName").asText()), entry.getKey());
            }
        });
        assertTrue(objects.stream().map(Charts::kind).noneMatch(kind -> kind.contains("Role")));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_container_says_what_it_needs_and_what_it_may_use(Example example) {
        eachContainer(example, (pod, container) -> {
            for (String bound : List.of("requests", "limits")) {
                for (String what : List.of("cpu", "memory")) {
                    assertTrue(
                            container.path("resources").path(bound).path(what).isValueNode(),
                            pod + " " + bound + "." + what);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_process_that_stays_has_all_three_probes_on_a_port_of_its_own(Example example) {
        staying(Charts.objects(example))
                .forEach(entry -> Charts.elements(entry.getValue().at("/spec/containers"))
                        .forEach(container -> {
                            Set<String> ports = new HashSet<>();
                            Charts.elements(container.path("ports"))
                                    .forEach(port -> ports.add(port.path("name").asText()));
                            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                                JsonNode http = container.path(probe).path("httpGet");
                                assertTrue(http.isObject(), entry.getKey() + " " + probe);
                                assertTrue(ports.contains(http.path("port").asText()), entry.getKey() + " " + probe);
                            }
                            for (String deadly : List.of("startupProbe", "livenessProbe")) {
                                assertTrue(
                                        container
                                                .path(deadly)
                                                .path("httpGet")
                                                .path("path")
                                                .asText()
                                                .contains("live"),
                                        entry.getKey() + ": a process must not be killed because its stores are down");
                            }
                        }));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_process_that_stays_has_a_disruption_budget_and_is_spread(Example example) {
        List<JsonNode> objects = Charts.objects(example);
        staying(objects).forEach(entry -> {
            JsonNode pod = entry.getValue();
            assertEquals(
                    1,
                    objects.stream()
                            .filter(object -> Charts.kind(object).equals("PodDisruptionBudget"))
                            .filter(budget -> selects(budget.at("/spec/selector"), pod))
                            .count(),
                    entry.getKey());
            assertEquals(2, pod.at("/spec/topologySpreadConstraints").size(), entry.getKey());
            Charts.elements(pod.at("/spec/topologySpreadConstraints"))
                    .forEach(spread -> assertTrue(selects(spread.path("labelSelector"), pod), entry.getKey()));
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void a_pod_has_time_to_drain_before_it_is_killed(Example example) {
        staying(Charts.objects(example))
                .filter(entry -> entry.getKey().startsWith("Deployment/"))
                .forEach(entry -> {
                    int grace = entry.getValue()
                            .at("/spec/terminationGracePeriodSeconds")
                            .asInt();
                    int drain = entry.getValue()
                            .at("/spec/containers/0/lifecycle/preStop/sleep/seconds")
                            .asInt();
                    // the services stop within 10 s of the signal, settlement within 8 more
                    assertTrue(drain > 0 && grace >= drain + 20, entry.getKey());
                });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_port_is_open_to_those_alone_whom_a_network_policy_names(Example example) {
        List<JsonNode> policies = Charts.objects(example).stream()
                .filter(object -> Charts.kind(object).equals("NetworkPolicy"))
                .toList();
        Charts.pods(Charts.objects(example)).forEach(entry -> {
            List<JsonNode> own = policies.stream()
                    .filter(policy -> selects(policy.at("/spec/podSelector"), entry.getValue()))
                    .toList();
            assertTrue(
                    own.stream()
                            .anyMatch(policy ->
                                    policy.at("/spec/policyTypes").toString().equals("[\"Ingress\",\"Egress\"]")),
                    entry.getKey());
            Charts.containers(entry.getValue())
                    .flatMap(container -> Charts.elements(container.path("ports")))
                    .forEach(port -> {
                        boolean gate = port.path("name").asText().equals("https");
                        assertTrue(
                                own.stream()
                                        .flatMap(policy -> Charts.elements(policy.at("/spec/ingress")))
                                        .filter(rule ->
                                                gate || rule.path("from").size() > 0)
                                        .flatMap(rule -> Charts.elements(rule.path("ports")))
                                        .anyMatch(open -> open.path("port").asInt()
                                                == port.path("containerPort").asInt()),
                                entry.getKey() + " " + port);
                    });
            own.stream()
                    .flatMap(policy -> Charts.elements(policy.at("/spec/egress")))
                    .forEach(rule -> assertTrue(rule.path("to").size() > 0, entry.getKey() + " " + rule));
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_service_leads_to_a_port_of_a_pod(Example example) {
        List<JsonNode> objects = Charts.objects(example);
        List<JsonNode> pods = Charts.pods(objects).map(Map.Entry::getValue).toList();
        objects.stream().filter(object -> Charts.kind(object).equals("Service")).forEach(service -> {
            for (JsonNode port : service.at("/spec/ports")) {
                assertTrue(
                        pods.stream()
                                .filter(pod -> matches(service.at("/spec/selector"), pod))
                                .flatMap(pod -> Charts.elements(pod.at("/spec/containers")))
                                .flatMap(container -> Charts.elements(container.path("ports")))
                                .anyMatch(open -> open.path("name").equals(port.path("targetPort"))),
                        Charts.name(service) + " " + port);
            }
        });
    }

    @Test
    void no_secret_stands_in_the_charts() {
        Charts.examples().forEach(example -> {
            List<JsonNode> objects = Charts.objects(example);
            assertTrue(objects.stream().noneMatch(object -> Charts.kind(object).equals("Secret")));
            Charts.pods(objects)
                    .flatMap(entry -> Charts.containers(entry.getValue()))
                    .flatMap(container -> Charts.elements(container.path("env")))
                    .filter(variable -> variable.path("name").asText().matches(".*(PASSWORD|SECRET|JAAS).*"))
                    .forEach(variable ->
                            assertTrue(variable.at("/valueFrom/secretKeyRef").isObject(), variable::toString));
        });
    }

    @Test
    void production_keeps_keys_in_a_module_and_says_plainly_what_is_missing() {
        String values = Charts.read(Charts.HERE.resolve("chart/values-production.yaml"));
        String notes = Charts.read(Charts.HERE.resolve("chart/templates/NOTES.txt"));
        assertTrue(values.contains("WHAT IS MISSING") && values.contains("store: pkcs11"));
        assertTrue(notes.contains("NOT READY FOR CITIZENS"));
        String keys =
                Charts.read(Charts.ROOT.resolve("service-kit/src/main/java/city/madang/kit/keys/InTheClear.java"));
        assertTrue(keys.contains("keys in files are for development"), "the note is no longer true: mend it");
    }

    private static Stream<Map.Entry<String, JsonNode>> staying(List<JsonNode> objects) {
        return Charts.pods(objects).filter(entry -> entry.getKey().matches("(Deployment|StatefulSet)/.*"));
    }

    private interface Check {
        void at(String pod, JsonNode container);
    }

    private static void eachContainer(Example example, Check check) {
        List<String> seen = new ArrayList<>();
        Charts.pods(Charts.objects(example))
                .forEach(entry -> Charts.containers(entry.getValue()).forEach(container -> {
                    seen.add(entry.getKey());
                    check.at(entry.getKey() + " " + container.path("name").asText(), container);
                }));
        assertTrue(seen.size() >= 4, () -> "only " + seen);
    }

    private static boolean selects(JsonNode selector, JsonNode pod) {
        return matches(selector.path("matchLabels"), pod);
    }

    private static boolean matches(JsonNode labels, JsonNode pod) {
        return !labels.isEmpty()
                && labels.properties().stream()
                        .allMatch(label ->
                                pod.at("/metadata/labels").path(label.getKey()).equals(label.getValue()));
    }
}
