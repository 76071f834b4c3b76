package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/asvs.md}, {@code docs/threat-model.md} and {@code docs/identity.md} name as shown by a test is shown by a test that is there
 * and runs, and no requirement of OWASP ASVS 5.0.0 of the levels 1 and 2 is left out.
 */
class SecurityPagesTest {

    private static final Path ASVS = Charts.ROOT.resolve("docs/asvs.md");
    private static final List<Path> PAGES =
            List.of(ASVS, Charts.ROOT.resolve("docs/threat-model.md"), Charts.ROOT.resolve("docs/security.md"));

    /** What pages call a module, and its folder. */
    private static final Map<String, String> MODULES = Map.ofEntries(
            Map.entry("gateway", "gateway"),
            Map.entry("identity", "identity-service"),
            Map.entry("payment", "payment-service"),
            Map.entry("records", "records-service"),
            Map.entry("kit", "service-kit"),
            Map.entry("tlog", "tlog"),
            Map.entry("contracts", "contracts"),
            Map.entry("devstack", "devstack"),
            Map.entry("journey", "journey-tests"),
            Map.entry("k8s", "k8s"));

    private static final Pattern REQUIREMENT = Pattern.compile("(\\d+\\.\\d+)\\.(\\d+)(?:–\\1\\.(\\d+))?");
    private static final Pattern JAVA_TEST = Pattern.compile("`([a-z0-9]+)/(\\w+Test)(?:#(\\w+))?`");
    private static final Pattern WALLET_TEST = Pattern.compile("`wallet/([a-z0-9-]+\\.test\\.ts)#(\\w+)`");
    private static final Pattern SHORT_TEST = Pattern.compile("`(?:[a-z]+\\.)*(\\w+Test)\\.(\\w+)`");
    private static final Pattern FILE =
            Pattern.compile("`((?:[\\w.-]+/)+[\\w.-]+\\.(?:java|yaml|yml|tpl|jvm|ts|sol))`");
    private static final Pattern RUN =
            Pattern.compile("@(Test|ParameterizedTest|Property|TestFactory|RepeatedTest)\\b");

    /** A row of the table. */
    private record Row(List<String> requirements, String level, String state, String evidence) {}

    @Test
    void every_requirement_has_one_row_and_its_level() {
        Map<String, String> levels = levels();
        Set<String> missing = new HashSet<>(levels.keySet());
        missing.removeIf(requirement -> levels.get(requirement).equals("3"));
        Set<String> seen = new HashSet<>();
        for (Row row : rows()) {
            for (String requirement : row.requirements()) {
                assertTrue(levels.containsKey(requirement), requirement + " is no requirement of ASVS 5.0.0");
                assertTrue(seen.add(requirement), requirement + " has two rows");
            }
            assertEquals(
                    row.requirements().stream()
                            .map(levels::get)
                            .distinct()
                            .sorted()
                            .collect(Collectors.joining("–")),
                    row.level(),
                    row.requirements().toString());
        }
        missing.removeAll(seen);
        assertEquals(Set.of(), missing, "of level 1 or 2, and not in the table");
    }

    @Test
    void every_state_says_why() {
        for (Row row : rows()) {
            String what = row.requirements().toString();
            assertTrue(Set.of("held", "in part", "not held", "–").contains(row.state()), what + row.state());
            assertTrue(!row.evidence().isBlank(), what);
            assertEquals(row.state().equals("in part"), row.evidence().contains("Missing:"), what);
        }
    }

    @Test
    void the_sums_are_those_of_the_table() {
        Map<String, String> levels = levels();
        StringBuilder sums = new StringBuilder();
        for (String state : List.of("held", "in part", "not held", "–")) {
            sums.append("| ").append(state);
            for (String level : List.of("1", "2", "3")) {
                sums.append(" | ")
                        .append(rows().stream()
                                .filter(row -> row.state().equals(state))
                                .flatMap(row -> row.requirements().stream())
                                .filter(requirement -> levels.get(requirement).equals(level))
                                .count());
            }
            sums.append(" |\n");
        }
        assertTrue(Charts.read(ASVS).contains(sums), () -> "the sums are\n" + sums);
    }

    @Test
    void every_test_that_is_named_is_there_and_runs() {
        List<String> wrong = new ArrayList<>();
        int named = 0;
        for (Path page : PAGES) {
            String text = Charts.read(page);
            Matcher java = JAVA_TEST.matcher(text);
            while (java.find()) {
                named++;
                String folder = MODULES.getOrDefault(java.group(1), "no-such-module");
                if (tests(folder, java.group(2)).noneMatch(source -> runs(source, java.group(3)))) {
                    wrong.add(page.getFileName() + ": " + java.group());
                }
            }
            Matcher wallet = WALLET_TEST.matcher(text);
            while (wallet.find()) {
                named++;
                Path file = Charts.ROOT.resolve("wallet/test/" + wallet.group(1));
                if (!Files.exists(file) || !Charts.read(file).contains("test('" + wallet.group(2) + "'")) {
                    wrong.add(page.getFileName() + ": " + wallet.group());
                }
            }
        }
        Matcher shorter = SHORT_TEST.matcher(Charts.read(Charts.ROOT.resolve("docs/identity.md")));
        while (shorter.find()) {
            named++;
            if (MODULES.values().stream()
                    .flatMap(folder -> tests(folder, shorter.group(1)))
                    .noneMatch(source -> runs(source, shorter.group(2)))) {
                wrong.add("identity.md: " + shorter.group());
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(named > 200, "only " + named + " tests are named: are the pages still read?");
    }

    @Test
    void every_file_that_is_named_is_there() {
        List<String> wrong = new ArrayList<>();
        for (Path page : PAGES) {
            Matcher file = FILE.matcher(Charts.read(page));
            while (file.find()) {
                if (!Files.exists(Charts.ROOT.resolve(file.group(1)))) {
                    wrong.add(page.getFileName() + ": " + file.group());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static Map<String, String> levels() {
        return Charts.read(Charts.HERE.resolve("src/test/resources/asvs-5.0.0.txt"))
                .lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1], (one, other) -> one, TreeMap::new));
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String line : Charts.read(ASVS).lines().toList()) {
            if (line.matches("\\| \\d+\\.\\d+\\.\\d+.*")) {
                String[] cells = line.substring(1).split(" \\| ", 5);
                assertEquals(5, cells.length, line);
                rows.add(new Row(
                        requirements(cells[0]),
                        cells[1].strip(),
                        cells[3].strip(),
                        cells[4].replaceAll("\\s*\\|$", "")));
            }
        }
        return rows;
    }

    private static List<String> requirements(String cell) {
        List<String> found = new ArrayList<>();
        Matcher each = REQUIREMENT.matcher(cell);
        while (each.find()) {
            int first = Integer.parseInt(each.group(2));
            int last = each.group(3) == null ? first : Integer.parseInt(each.group(3));
            for (int number = first; number <= last; number++) {
                found.add(each.group(1) + "." + number);
            }
        }
        return found;
    }

    private static Stream<String> tests(String folder, String simpleName) {
        Path sources = Charts.ROOT.resolve(folder).resolve("src/test/java");
        if (!Files.isDirectory(sources)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files
                    .filter(file -> file.getFileName().toString().equals(simpleName + ".java"))
                    .map(Charts::read)
                    .toList()
                    .stream();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether a source has a test of this name, or is one at all if no name is given, and nothing switches it off. */
    private static boolean runs(String source, String method) {
        int body = source.indexOf("\nclass ");
        if (body < 0
                || source.substring(0, body).contains("\n@Disabled")
                || source.substring(0, body).contains("\n@org.junit.jupiter.api.Disabled")) {
            return false;
        }
        if (method == null) {
            return RUN.matcher(source).find();
        }
        Matcher declared = Pattern.compile("(?m)^ {4}(?:void|Stream<\\w+>) " + method + "\\(")
                .matcher(source);
        if (!declared.find()) {
            return false;
        }
        // from the end of what stands before to the declaration
        String before = source.substring(0, declared.start());
        String annotations =
                before.substring(Math.max(before.lastIndexOf("\n\n"), before.lastIndexOf("\n    }\n")) + 1);
        return RUN.matcher(annotations).find() && !annotations.contains("Disabled");
    }
}
