package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.postgres.PostgresServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The charts give the processes the configuration that they read: the same as the development stack, which runs. */
class EnvironmentTest {

    private static final Pattern PROPERTY = Pattern.compile("`(madang\\.[a-z0-9.{},-]+)`");
    private static final Pattern PLAN =
            Pattern.compile("settings\\.put\\(\\s*\"((?:madang|quarkus|kafka)\\.[a-z.-]*[a-z])\"");

    /** The development stack's own: a demonstration does not wait half a minute. */
    private static final Set<String> DEVELOPMENTS_OWN = Set.of("MADANG_ISSUANCE_DEFERRED_INTERVAL");

    @Test
    void whatever_the_development_stack_sets_the_chart_sets_too() {
        Set<String> missing = planned().stream()
                .map(EnvironmentTest::variable)
                .filter(name -> !given().contains(name) && !DEVELOPMENTS_OWN.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), missing);
    }

    @Test
    void postgresql_is_run_here_as_the_chart_runs_it() {
        JsonNode cluster = Charts.objects(Charts.example("production")).stream()
                .filter(object -> Charts.kind(object).equals("Cluster"))
                .findFirst()
                .orElseThrow();
        Map<String, String> parameters = new TreeMap<>();
        cluster.at("/spec/postgresql/parameters")
                .properties()
                .forEach(
                        given -> parameters.put(given.getKey(), given.getValue().asText()));
        assertEquals(PostgresServer.PARAMETERS, parameters);
    }

    @Test
    void every_variable_of_ours_is_one_that_the_documentation_or_the_development_stack_knows() {
        String interfaces = Charts.read(Charts.ROOT.resolve("docs/interfaces.md"));
        Set<String> known =
                new TreeSet<>(planned().stream().map(EnvironmentTest::variable).toList());
        Matcher matcher = PROPERTY.matcher(interfaces);
        while (matcher.find()) {
            expand(matcher.group(1)).forEach(name -> known.add(variable(name)));
        }
        Set<String> unknown = given().stream()
                .filter(name -> name.startsWith("MADANG_"))
                .filter(name -> !name.equals("MADANG_DATABASE_ROLE")) // the migration's own
                .filter(name -> !known.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unknown);
    }

    @Test
    void a_process_with_secrets_of_the_database_owner_does_nothing_but_migrate() {
        List<JsonNode> jobs = Charts.objects(Charts.example("production")).stream()
                .filter(object -> Charts.kind(object).equals("Job"))
                .toList();
        assertEquals(3, jobs.size());
        for (JsonNode job : jobs) {
            String text = job.toString();
            assertTrue(text.contains("QUARKUS_INIT_AND_EXIT") && text.contains("-owner"), Charts.name(job));
            assertTrue(job.at("/metadata/annotations")
                    .path("helm.sh/hook")
                    .asText()
                    .contains("pre-upgrade"));
        }
        Charts.objects(Charts.example("production")).stream()
                .filter(object -> Charts.kind(object).equals("Deployment"))
                .forEach(object -> {
                    assertTrue(!object.toString().contains("-owner"), Charts.name(object));
                    assertTrue(
                            object.toString().contains("gateway")
                                    || object.toString()
                                            .contains("\"QUARKUS_FLYWAY_MIGRATE_AT_START\",\"value\":\"false\""),
                            Charts.name(object));
                });
    }

    @Test
    void one_process_of_several_seals_only_where_it_should() {
        assertEquals("true", sealing("development", "madang-records"));
        assertEquals("false", sealing("production", "madang-records"));
        assertEquals("true", sealing("production", "madang-sealing"));
    }

    private static String sealing(String example, String deployment) {
        return Charts.objects(Charts.example(example)).stream()
                .filter(object -> Charts.name(object).equals("Deployment/" + deployment))
                .flatMap(object -> Charts.elements(object.at("/spec/template/spec/containers/0/env")))
                .filter(variable -> variable.path("name").asText().equals("MADANG_SEALING_ENABLED"))
                .map(variable -> variable.path("value").asText())
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> planned() {
        Matcher matcher = PLAN.matcher(Charts.read(
                Charts.ROOT.resolve("devstack/src/main/java/city/madang/devstack/stack/ServicePlans.java")));
        Set<String> found = new TreeSet<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        assertTrue(found.size() > 20, () -> "only " + found);
        return found;
    }

    private static Set<String> given() {
        return Charts.examples()
                .filter(example -> !example.name().equals("besu"))
                .flatMap(example -> Charts.pods(Charts.objects(example)))
                .flatMap(entry -> Charts.containers(entry.getValue()))
                .flatMap(container -> Charts.elements(container.path("env")))
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@code a.{b,c}.d} as both. */
    private static List<String> expand(String property) {
        Matcher braces = Pattern.compile("(.*)\\{([^}]*)}(.*)").matcher(property);
        return braces.matches()
                ? Pattern.compile(",")
                        .splitAsStream(braces.group(2))
                        .map(one -> braces.group(1) + one + braces.group(3))
                        .toList()
                : List.of(property);
    }

    /** MicroProfile Config's rule. */
    private static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
