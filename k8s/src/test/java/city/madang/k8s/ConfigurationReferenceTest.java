package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} is what the typed configuration says: names, types, defaults and sentences are read from the sources of
 * the interfaces. Written anew with {@code -Dmadang.render=true}.
 */
class ConfigurationReferenceTest {

    private static final Path PAGE = Charts.ROOT.resolve("docs/configuration.md");
    private static final List<String> MODULES =
            List.of("gateway", "identity-service", "payment-service", "records-service", "service-kit");

    private static final String HEAD =
            """
            # Configuration

            What can be set, module by module; `service-kit` is part of identity, payment and records. This page is written from the typed configuration, and a test compares
            it. A property is set as an environment variable (as the charts do), as a system property, or in a file that `SMALLRYE_CONFIG_LOCATIONS` names. Durations are `10s`, `5m`,
            `PT1H30M`; sizes `16K`, `1M`. *Needed* means that the process does not start without it. Everything else that Quarkus can be told (`quarkus.*`: datasource, Kafka,
            OIDC, log, telemetry) is told by the charts: see the values there.
            """;

    /** One property. */
    private record Property(String name, String type, @Nullable String fallback, boolean needed, String meaning) {

        String environment() {
            return name.replaceAll("[^A-Za-z0-9<>]", "_").toUpperCase(Locale.ROOT);
        }

        String row() {
            String standard =
                    fallback == null ? (needed ? "*needed*" : "–") : fallback.isEmpty() ? "empty" : code(fallback);
            return "| " + code(name) + "<br>" + code(environment()) + " | " + type + " | " + standard + " | " + meaning
                    + " |";
        }

        private static String code(String text) {
            return "`" + text.replace("|", "\\|") + "`";
        }
    }

    @Test
    void the_page_is_what_the_typed_configuration_says() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        for (String module : MODULES) {
            Map<String, Property> properties = new Sources(Charts.ROOT.resolve(module)).properties();
            assertFalse(properties.isEmpty(), module);
            page.append("\n## ")
                    .append(module)
                    .append("\n\n| property | type | default | meaning |\n|---|---|---|---|\n");
            properties.values().forEach(each -> {
                assertTrue(!each.meaning().isBlank(), each.name() + " says nothing of what it means");
                page.append(each.row()).append('\n');
            });
        }
        if (Boolean.getBoolean("madang.render")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(
                page.toString(),
                Files.readString(PAGE),
                "write it anew: ./madang test -pl k8s -am -Dtest=ConfigurationReferenceTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dmadang.render=true");
    }

    /** The configuration interfaces of a module, as trees of their sources. */
    private static final class Sources {

        private final Map<String, ClassTree> types = new HashMap<>();
        private final Map<ClassTree, TreePath> paths = new HashMap<>();
        private final List<ClassTree> roots = new ArrayList<>();
        private final DocTrees docs;
        private final Properties defaults = new Properties();
        private final Map<String, Property> found = new TreeMap<>();

        Sources(Path module) throws IOException {
            Path folder = module.resolve("src/main/java");
            Path file = module.resolve("src/main/resources/application.properties");
            if (Files.exists(file)) {
                try (var reader = Files.newBufferedReader(file)) {
                    defaults.load(reader);
                }
            }
            List<Path> files;
            try (Stream<Path> all = Files.walk(folder)) {
                files = all.filter(Sources::mayConfigure).toList();
            }
            var compiler = ToolProvider.getSystemJavaCompiler();
            var manager = compiler.getStandardFileManager(null, null, null);
            var task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree type : unit.getTypeDecls()) {
                    if (type instanceof ClassTree tree) {
                        note(tree, new TreePath(new TreePath(unit), tree));
                    }
                }
            }
        }

        private static boolean mayConfigure(Path file) {
            if (!file.toString().endsWith(".java")) {
                return false;
            }
            try {
                return Files.readString(file).contains("io.smallrye.config.");
            } catch (IOException unreadable) {
                throw new java.io.UncheckedIOException(unreadable);
            }
        }

        private void note(ClassTree type, TreePath path) {
            types.put(type.getSimpleName().toString(), type);
            paths.put(type, path);
            if (annotation(type.getModifiers().getAnnotations(), "ConfigMapping", "prefix")
                    .isPresent()) {
                roots.add(type);
            }
            for (Tree member : type.getMembers()) {
                if (member instanceof ClassTree inner) {
                    note(inner, new TreePath(path, inner));
                }
            }
        }

        Map<String, Property> properties() {
            for (ClassTree root : roots) {
                read(
                        root,
                        annotation(root.getModifiers().getAnnotations(), "ConfigMapping", "prefix")
                                .orElseThrow());
            }
            return found;
        }

        private void read(ClassTree type, String prefix) {
            for (Tree member : type.getMembers()) {
                if (member instanceof MethodTree method
                        && method.getParameters().isEmpty()
                        && !method.getModifiers().getFlags().contains(Modifier.DEFAULT)
                        && !method.getModifiers().getFlags().contains(Modifier.STATIC)) {
                    read(type, method, prefix);
                }
            }
        }

        private void read(ClassTree owner, MethodTree method, String prefix) {
            String last = annotation(method.getModifiers().getAnnotations(), "WithName", "value")
                    .orElseGet(() -> kebab(method.getName().toString()));
            String name = annotated(method, "WithParentName") ? prefix : prefix + "." + last;
            Tree type = method.getReturnType();
            boolean optional = false;
            if (type instanceof ParameterizedTypeTree generic) {
                String outer = generic.getType().toString();
                if (outer.endsWith("Optional")) {
                    optional = true;
                    type = generic.getTypeArguments().getFirst();
                } else if (outer.endsWith("Map")) {
                    optional = true;
                    name += ".<name>";
                    type = generic.getTypeArguments().getLast();
                }
            }
            String simple = type.toString().replaceAll("([a-z]+\\.)+", "").replaceAll("^.*\\.(?=[A-Z])", "");
            ClassTree nested = types.get(simple);
            if (nested != null && nested.getKind() == Tree.Kind.INTERFACE) {
                read(nested, name);
                return;
            }
            Optional<String> fallback = Optional.ofNullable(defaults.getProperty(name))
                    .or(() -> annotation(method.getModifiers().getAnnotations(), "WithDefault", "value"));
            String shown = nested != null && nested.getKind() == Tree.Kind.ENUM ? choices(nested) : simple;
            found.put(
                    name,
                    new Property(
                            name,
                            shown.replace("<", "&lt;"),
                            fallback.orElse(null),
                            !optional && !shown.endsWith("OptionalInt"),
                            sentence(owner, method)));
        }

        private static String choices(ClassTree enumeration) {
            List<String> choices = new ArrayList<>();
            for (Tree member : enumeration.getMembers()) {
                if (member instanceof com.sun.source.tree.VariableTree constant) {
                    choices.add("`"
                            + kebab(constant.getName()
                                    .toString()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-')) + "`");
                }
            }
            return String.join(", ", choices);
        }

        private String sentence(ClassTree owner, MethodTree method) {
            TreePath path = paths.get(owner);
            DocCommentTree comment = path == null ? null : docs.getDocCommentTree(new TreePath(path, method));
            return comment == null
                    ? ""
                    : comment.getFullBody().stream()
                            .map(Object::toString)
                            .collect(Collectors.joining())
                            .replaceAll("\\{@(code|link) ([^}]*)}", "`$2`")
                            .replaceAll("\\s+", " ")
                            .replaceAll("</?p>", "")
                            .replace("|", "\\|")
                            .strip();
        }

        private static boolean annotated(MethodTree method, String name) {
            return method.getModifiers().getAnnotations().stream()
                    .anyMatch(each -> each.getAnnotationType().toString().endsWith(name));
        }

        /** The text that an annotation gives to a member, if it stands there. */
        private static Optional<String> annotation(
                List<? extends AnnotationTree> annotations, String name, String member) {
            for (AnnotationTree annotation : annotations) {
                if (!annotation.getAnnotationType().toString().endsWith(name)) {
                    continue;
                }
                for (ExpressionTree argument : annotation.getArguments()) {
                    if (argument instanceof AssignmentTree assignment
                            && assignment.getVariable().toString().equals(member)) {
                        return Optional.of(text(assignment.getExpression()));
                    }
                    if (argument instanceof LiteralTree && member.equals("value")) {
                        return Optional.of(text(argument));
                    }
                }
            }
            return Optional.empty();
        }

        private static String text(ExpressionTree expression) {
            return expression instanceof LiteralTree literal
                    ? String.valueOf(literal.getValue())
                    : expression.toString();
        }

        private static String kebab(String camel) {
            return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        }
    }
}
