package city.madang.k8s.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Quarkus hands to {@code native-image} for one process: its jar and its libraries, and what they say must be found by name or be initialised
 * only when the process runs (GraalVM's reachability metadata, and the older files that Quarkus still writes).
 */
final class NativeSources {

    private static final String METADATA = "META-INF/native-image/";
    private static final String FEATURE = "io/quarkus/runner/Feature.class";
    private static final Pattern RUN_TIME = Pattern.compile("--initialize-at-run-time=(\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A class file with the jar in which it is. */
    record Source(String jar, ClassModel model) {

        String name() {
            return model.thisClass().asInternalName().replace('/', '.');
        }
    }

    private final Map<String, Source> classes = new TreeMap<>();
    private final Set<String> ownFiles = new HashSet<>();
    private final Set<String> reflective = new HashSet<>();
    private final List<Pattern> resources = new ArrayList<>();
    private final Set<String> runTime = new HashSet<>();

    private NativeSources() {}

    /** @param folder a service's {@code target/native-sources} */
    static NativeSources in(Path folder) {
        NativeSources sources = new NativeSources();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                sources.read(jar);
            }
            return sources;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** By name with dots, in order. */
    Map<String, Source> classes() {
        return Collections.unmodifiableMap(classes);
    }

    /** Files of the suite's own jars that are neither classes nor below {@code META-INF}. */
    Set<String> ownFiles() {
        return Collections.unmodifiableSet(ownFiles);
    }

    boolean isReflective(String type) {
        return reflective.contains(type);
    }

    boolean holds(String resource) {
        return resources.stream().anyMatch(pattern -> pattern.matcher(resource).matches());
    }

    /** Whether the class, its package or one above is initialised when the process runs. */
    boolean isInitialisedAtRunTime(String type) {
        for (String name = type; !name.isEmpty(); name = name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
            if (runTime.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private void read(Path file) throws IOException {
        String name = file.getFileName().toString();
        boolean runner = name.endsWith("-runner.jar");
        boolean own = runner || name.startsWith("city.madang.");
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String path = entry.getName();
                if (path.endsWith(".class") && !path.startsWith("META-INF/") && !path.endsWith("module-info.class")) {
                    ClassModel model = ClassFile.of().parse(bytes(jar, entry));
                    classes.putIfAbsent(
                            path.substring(0, path.length() - ".class".length()).replace('/', '.'),
                            new Source(name, model));
                    if (path.equals(FEATURE)) {
                        model.constantPool().forEach(item -> {
                            if (item instanceof StringEntry string) {
                                runTime.add(string.stringValue());
                            }
                        });
                    }
                } else if (path.startsWith(METADATA) && path.endsWith(".json")) {
                    metadata(JSON.readTree(bytes(jar, entry)));
                } else if (path.startsWith(METADATA) && path.endsWith("native-image.properties")) {
                    arguments(bytes(jar, entry));
                } else if (own && !entry.isDirectory() && !path.startsWith("META-INF/")) {
                    ownFiles.add(path);
                }
            }
        }
    }

    private static byte[] bytes(JarFile jar, JarEntry entry) throws IOException {
        try (var in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private void arguments(byte[] file) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(new String(file, UTF_8)));
        Matcher matcher = RUN_TIME.matcher(properties.getProperty("Args", ""));
        while (matcher.find()) {
            runTime.addAll(List.of(matcher.group(1).split(",")));
        }
    }

    private void metadata(JsonNode json) {
        json.path("reflection").forEach(type -> reflective.add(type.path("type").asText()));
        if (json.isArray()) {
            json.forEach(type -> reflective.add(type.path("name").asText()));
        }
        json.path("resources")
                .path("includes")
                .forEach(resource ->
                        resources.add(Pattern.compile(resource.path("pattern").asText())));
        if (json.path("resources").isArray()) {
            json.path("resources")
                    .forEach(
                            resource -> resources.add(glob(resource.path("glob").asText())));
        }
    }

    /** {@code *} within a folder, {@code **} across folders. */
    private static Pattern glob(String glob) {
        return Pattern.compile(
                Pattern.quote(glob).replace("**", "\\E.+\\Q").replaceAll("(?<!\\.)\\*", "\\\\E[^/]*\\\\Q"));
    }
}
