package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/licences.md} lists what is shipped, with a licence each; {@code .ci/licences.mjs} writes it. */
class LicencesTest {

    private static final Path PAGE = Charts.ROOT.resolve("docs/licences.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^ |]+) \\| ([^ |]+) \\| ([^|]*) \\| ([^|]+) \\|$");
    private static final List<String> SERVICES =
            List.of("gateway", "identity-service", "payment-service", "records-service");

    @Test
    void every_row_has_a_licence() {
        Matcher row = ROW.matcher(Charts.read(PAGE));
        int rows = 0;
        while (row.find()) {
            rows++;
            assertTrue(!row.group(3).isBlank(), row.group());
        }
        assertTrue(rows > 100, "only " + rows);
    }

    @Test
    void whatever_the_wallet_needs_is_listed() throws IOException {
        Set<String> listed = listed("wallet");
        List<String> missing = new ArrayList<>();
        JsonNode packages = Charts.YAML
                .readTree(Charts.read(Charts.ROOT.resolve("wallet/package-lock.json")))
                .path("packages");
        for (var entry : packages.properties()) {
            JsonNode about = entry.getValue();
            if (!entry.getKey().isEmpty()
                    && !about.path("dev").asBoolean()
                    && !about.path("optional").asBoolean()) {
                String name = entry.getKey().replaceFirst(".*node_modules/", "");
                missing.add(name + " " + about.path("version").asText());
            }
        }
        assertTrue(missing.size() > 10, missing.toString());
        missing.removeAll(listed);
        assertEquals(List.of(), missing, "write it anew: node .ci/licences.mjs");
    }

    /** Where services are packaged: each archive beside them is a row. Their names are {@code group.artifact-version.jar}. */
    @Test
    void whatever_lies_beside_a_packaged_service_is_listed() throws IOException {
        List<String> missing = new ArrayList<>();
        int archives = 0;
        for (String service : SERVICES) {
            Path libraries = Charts.ROOT.resolve(service + "/target/quarkus-app/lib");
            if (!Files.isDirectory(libraries)) {
                continue;
            }
            Set<String> names = listed(service).stream()
                    .map(each -> each.replace(':', '.').replace(' ', '-'))
                    .collect(Collectors.toSet());
            try (Stream<Path> files = Files.walk(libraries)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".jar")).toList()) {
                    String name = file.getFileName().toString().replaceFirst("\\.jar$", "");
                    archives++;
                    // a classifier follows the version
                    if (!name.startsWith("city.madang.")
                            && names.stream().noneMatch(each -> name.equals(each) || name.startsWith(each + "-"))) {
                        missing.add(service + ": " + name);
                    }
                }
            }
        }
        assumeTrue(archives > 0, "no service is packaged here");
        assertEquals(List.of(), missing, "write it anew: mvn -Psbom -DskipTests package && node .ci/licences.mjs");
    }

    /** Components of a module, as "name version". */
    private static Set<String> listed(String module) {
        return ROW.matcher(Charts.read(PAGE))
                .results()
                .filter(row -> List.of(row.group(4).split(", ")).contains(module))
                .map(row -> row.group(1) + " " + row.group(2))
                .collect(Collectors.toSet());
    }
}
