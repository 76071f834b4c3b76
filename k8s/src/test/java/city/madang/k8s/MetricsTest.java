package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Alerts and dashboards speak of metrics that exist. What the processes expose was written down from running ones, in {@code
 * metrics/<process>.txt}; that our own are still made is looked up in the sources.
 */
class MetricsTest {

    private static final Path RUNBOOKS = Charts.ROOT.resolve("docs/runbooks");
    private static final Path OPERATIONS = Charts.ROOT.resolve("docs/operations.md");
    private static final Path DASHBOARDS = Charts.HERE.resolve("chart/files/dashboards");

    /** A selector, after which comes a metric's name: names are followed by a brace, since every query is limited to a namespace. */
    private static final Pattern METRIC = Pattern.compile("([a-z][a-z0-9_]+)\\{");

    @Test
    void every_alert_has_a_page_that_says_what_to_do_and_every_page_is_in_the_list() throws IOException {
        String list = Files.readString(RUNBOOKS.resolve("README.md"));
        Set<String> names = new HashSet<>();
        for (JsonNode alert : alerts()) {
            String name = alert.path("alert").asText();
            assertTrue(names.add(name), "twice: " + name);
            assertTrue(
                    Set.of("critical", "warning")
                            .contains(alert.at("/labels/severity").asText()),
                    name);
            assertTrue(alert.at("/annotations/summary").asText().length() > 20, name);
            String url = alert.at("/annotations/runbook_url").asText();
            Path page = RUNBOOKS.resolve(url.substring(url.lastIndexOf('/') + 1));
            assertTrue(Files.isRegularFile(page), () -> name + " has no page " + page.getFileName());
            String text = Files.readString(page);
            for (String part : List.of("**Shows as**", "**Means**", "**Do**", "**Over when**")) {
                assertTrue(text.contains(part), page.getFileName() + " lacks " + part);
            }
            assertTrue(text.contains(name), page.getFileName() + " does not name " + name);
        }
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            pages.map(page -> page.getFileName().toString())
                    .filter(page -> !page.equals("README.md"))
                    .forEach(page -> assertTrue(list.contains("(" + page + ")"), "not in the list: " + page));
        }
    }

    @Test
    void every_alert_and_every_panel_uses_metrics_that_exist_in_one_namespace() throws IOException {
        Set<String> known = known();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, String> query : queries()) {
            Set<String> used = names(query.getValue());
            if (used.isEmpty()) {
                wrong.add(query.getKey() + " uses none: " + query.getValue());
            }
            used.stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> wrong.add(query.getKey() + " uses " + name));
            Matcher selector = Pattern.compile("\\{[^}]*}").matcher(query.getValue());
            while (selector.find()) {
                if (!selector.group().contains("namespace=")) {
                    wrong.add(query.getKey() + " looks beyond its namespace: " + selector.group());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void every_metric_of_our_own_that_is_written_down_is_still_made() throws IOException {
        String sources = sources();
        List<String> gone = new ArrayList<>();
        for (String name : own()) {
            String stem = name.replaceFirst("(_seconds)?(_total|_count|_sum|_max|_bucket)?$", "");
            if (!sources.contains("\"" + stem.replace('_', '.') + "\"")) {
                gone.add(name);
            }
        }
        assertEquals(List.of(), gone, "no longer in the sources; record the metrics anew");
        Set<String> stems = own().stream()
                .map(name -> name.replaceFirst("(_seconds)?(_total|_count|_sum|_max|_bucket)?$", ""))
                .collect(Collectors.toSet());
        Matcher literal = Pattern.compile("(?:counter|timer|gauge|builder)\\(\\s*\"(madang\\.[a-z.]+)\"")
                .matcher(sources);
        Set<String> unknown = new TreeSet<>();
        while (literal.find()) {
            if (!stems.contains(literal.group(1).replace('.', '_'))) {
                unknown.add(literal.group(1));
            }
        }
        assertEquals(Set.of(), unknown, "made, but not written down in metrics/");
    }

    @Test
    void every_metric_of_our_own_is_described_and_none_that_is_gone() throws IOException {
        String suffix = "(_total|_count|_sum|_max|_bucket)$";
        Set<String> made = own().stream()
                .map(name -> name.replaceFirst(suffix, ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = new TreeSet<>();
        Matcher name = Pattern.compile("`(madang_[a-z_]+)`").matcher(Files.readString(OPERATIONS));
        while (name.find()) {
            described.add(name.group(1).replaceFirst(suffix, ""));
        }
        assertEquals(made, described);
    }

    @Test
    void no_metric_is_read_without_a_brace_that_limits_it() throws IOException {
        Pattern bare = Pattern.compile(
                "\\b(madang|kafka|jvm|kube|kubelet|http|certmanager|process|ethereum)_[a-z0-9_]+\\b(?!\\{)");
        for (Map.Entry<String, String> query : queries()) {
            Matcher found = bare.matcher(query.getValue());
            assertTrue(!found.find(), () -> query.getKey() + ": " + query.getValue());
        }
    }

    @Test
    void the_business_panels_are_there() throws IOException {
        String all = queries().stream().map(Map.Entry::getValue).collect(Collectors.joining("\n"));
        for (String name : List.of(
                "madang_payment_authorisations_accepted_total",
                "madang_payment_settled_total",
                "madang_payment_settlement_lag_seconds_sum",
                "madang_records_log_size",
                "madang_records_anchor_behind_seconds",
                "madang_records_applications")) {
            assertTrue(all.contains(name + "{"), name);
        }
        assertTrue(all.contains("/identity/credential"), "issuance");
    }

    private static List<JsonNode> alerts() {
        List<JsonNode> found = new ArrayList<>();
        for (String example : List.of("production", "besu")) {
            Charts.objects(Charts.example(example)).stream()
                    .filter(object -> Charts.kind(object).equals("PrometheusRule"))
                    .flatMap(object -> Charts.elements(object.at("/spec/groups")))
                    .flatMap(group -> Charts.elements(group.path("rules")))
                    .forEach(found::add);
        }
        assertTrue(found.size() >= 15, () -> "only " + found.size());
        return found;
    }

    /** Expressions by where they stand. */
    private static List<Map.Entry<String, String>> queries() throws IOException {
        List<Map.Entry<String, String>> found = new ArrayList<>();
        alerts().forEach(alert -> found.add(
                Map.entry(alert.path("alert").asText(), alert.path("expr").asText())));
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            for (Path file : files.sorted().toList()) {
                JsonNode board = new ObjectMapper().readTree(file.toFile());
                assertTrue(board.path("uid").asText().startsWith("madang-"), file::toString);
                board.path("panels").forEach(panel -> panel.path("targets")
                        .forEach(target -> found.add(Map.entry(
                                file.getFileName() + " \"" + panel.path("title").asText() + "\"",
                                target.path("expr").asText()))));
            }
        }
        return found;
    }

    private static Set<String> names(String query) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = METRIC.matcher(query);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static Set<String> known() throws IOException {
        Set<String> found = new HashSet<>();
        try (Stream<Path> files = Files.list(Charts.HERE.resolve("src/test/resources/metrics"))) {
            for (Path file : files.toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("#") && !line.isBlank())
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static Set<String> own() throws IOException {
        return known().stream()
                .filter(name -> name.startsWith("madang_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String module :
                List.of("gateway", "identity-service", "payment-service", "records-service", "service-kit")) {
            try (Stream<Path> files = Files.walk(Charts.ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    all.append(Files.readString(file)).append('\n');
                }
            }
        }
        return all.toString();
    }
}
