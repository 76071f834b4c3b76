package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.k8s.Charts.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests are the charts' rendering. {@code -Dmadang.render=true} writes them anew. */
class ManifestsTest {

    private static final String HEAD =
            """
            # Rendered from %s with %s. Don't edit: change the chart, then run
            #   ./madang test -pl k8s -am -Dtest=ManifestsTest -Dsurefire.failIfNoSpecifiedTests=false -Dmadang.render=true
            """;

    static java.util.stream.Stream<Example> examples() {
        return Charts.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_committed_manifests_are_what_the_chart_renders(Example example) throws IOException {
        Path file = Charts.HERE.resolve("manifests").resolve(example.name() + ".yaml");
        String rendered = HEAD.formatted("k8s/" + example.chart().getFileName(), example.values())
                + Charts.render(example, Map.of()).strip() + "\n";
        if (Boolean.getBoolean("madang.render")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, rendered);
        }
        assertEquals(Files.readString(file), rendered);
    }
}
