package city.madang.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The charts, rendered as Helm would, without a cluster. */
final class Charts {

    static final Path ROOT =
            Path.of(System.getProperty("madang.root", "..")).toAbsolutePath().normalize();
    static final Path HERE = ROOT.resolve("k8s");
    static final ObjectMapper YAML = new YAMLMapper();

    /** The newest Kubernetes for which the tests hold. */
    private static final String KUBERNETES = "1.34.0";

    private static final String HOOK = "helm.sh/hook";
    private static final String ORDINARY = "madang.city/hook";

    private Charts() {}

    /** A values file with its chart and the name under which it is installed. */
    record Example(String name, Path chart, String release, String values) {

        Path valuesFile() {
            return chart.resolve(values);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Example> examples() {
        Path chart = HERE.resolve("chart");
        return Stream.of(
                new Example("development", chart, "madang", "values-development.yaml"),
                new Example("production", chart, "madang", "values-production.yaml"),
                new Example("agency", chart, "madang", "values-agency.yaml"),
                new Example("besu", HERE.resolve("besu"), "chain", "values-example.yaml"));
    }

    static Example example(String name) {
        return examples().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    /** Charts in which hooks are ordinary objects, by the folder of the original: the library leaves hooks out of what it renders. */
    private static final Map<Path, Path> WITH_HOOKS = new ConcurrentHashMap<>();

    /** Renderings so far: most tests ask for the same ones. */
    private static final Map<Example, String> RENDERED = new ConcurrentHashMap<>();

    /** The text that Helm renders, hooks included, with values set on top of the example's. */
    static String render(Example example, Map<String, ?> more) {
        return more.isEmpty()
                ? RENDERED.computeIfAbsent(example, one -> renderAnew(one, more))
                : renderAnew(example, more);
    }

    private static String renderAnew(Example example, Map<String, ?> more) {
        var command = new Helm(WITH_HOOKS.computeIfAbsent(example.chart(), Charts::withHooks))
                .template()
                .withName(example.release())
                .withNamespace("madang")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(example.valuesFile());
        more.forEach(command::set);
        return command.call().replace(ORDINARY, HOOK);
    }

    private static Path withHooks(Path chart) {
        try {
            Path folder = Files.createTempDirectory("chart");
            try (Stream<Path> files = Files.walk(chart)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = folder.resolve(chart.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.writeString(copy, Files.readString(file).replace(HOOK, ORDINARY));
                    copy.toFile().deleteOnExit();
                }
            }
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static List<JsonNode> objects(Example example) {
        return objects(example, Map.of());
    }

    static List<JsonNode> objects(Example example, Map<String, ?> more) {
        return parse(render(example, more));
    }

    static List<JsonNode> parse(String text) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            List<JsonNode> found = new ArrayList<>();
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (document != null && document.isObject()) {
                    found.add(document);
                }
            }
            return found;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    static String name(JsonNode object) {
        return kind(object) + "/" + object.at("/metadata/name").asText();
    }

    /** The pod templates that the chart itself makes, by the object's name; of operators' resources the operator makes the pods. */
    static Stream<Map.Entry<String, JsonNode>> pods(List<JsonNode> objects) {
        return objects.stream()
                .filter(object ->
                        List.of("Deployment", "StatefulSet", "Job", "Pod").contains(kind(object)))
                .map(object ->
                        Map.entry(name(object), kind(object).equals("Pod") ? object : object.at("/spec/template")));
    }

    static Stream<JsonNode> containers(JsonNode pod) {
        return Stream.concat(elements(pod.at("/spec/containers")), elements(pod.at("/spec/initContainers")));
    }

    static Stream<JsonNode> elements(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all.stream();
    }

    /** Copies the chart with an example's values as its defaults, since lint reads no other. */
    static Path withValues(Example example, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(example.chart())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(example.chart().relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        ObjectNode values =
                (ObjectNode) YAML.readTree(folder.resolve("values.yaml").toFile());
        merge(values, (ObjectNode) YAML.readTree(example.valuesFile().toFile()));
        YAML.writeValue(folder.resolve("values.yaml").toFile(), values);
        return folder;
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(entry -> {
            if (entry.getValue() instanceof ObjectNode object && into.get(entry.getKey()) instanceof ObjectNode old) {
                merge(old, object);
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
