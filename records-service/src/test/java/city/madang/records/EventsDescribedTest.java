package city.madang.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/asyncapi.yaml and the table of docs/interfaces.md name exactly the events that the services tell and take. */
class EventsDescribedTest {

    private static final Path ROOT = Path.of("..");

    /** A type of an event, as the code writes it; {@code ko} and {@code en} are languages of a text. */
    private static final Pattern IN_CODE = Pattern.compile(
            "\"((agency|certificate|service|application|presentation|bill|payment|fee|record|checkpoint|credential|document|access|recovery)"
                    + "\\.(?!(?:ko|en)\")[a-z]+)\"");

    private static final Pattern IN_TABLE =
            Pattern.compile("(?m)^\\| ((?:`[a-z]+\\.[a-z]+`(?:, )?)+) \\| (identity|payment|records) \\|");

    private static JsonNode described() {
        try {
            return new YAMLMapper().readTree(ROOT.resolve("docs/asyncapi.yaml").toFile());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> inCode() throws IOException {
        Set<String> types = new TreeSet<>();
        for (String service : List.of("identity-service", "payment-service", "records-service")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(service).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    Matcher found = IN_CODE.matcher(Files.readString(file));
                    while (found.find()) {
                        types.add(found.group(1));
                    }
                }
            }
        }
        return types;
    }

    private static Set<String> inTable() throws IOException {
        Set<String> types = new TreeSet<>();
        Matcher rows = IN_TABLE.matcher(Files.readString(ROOT.resolve("docs/interfaces.md")));
        while (rows.find()) {
            for (String type : rows.group(1).split(", ")) {
                types.add(type.replace("`", ""));
            }
        }
        return types;
    }

    @Test
    void every_event_in_the_code_is_described_and_every_described_one_is_in_the_code() throws IOException {
        Set<String> described = names(described().at("/components/messages"));
        assertTrue(described.size() > 30);
        assertEquals(described, inCode());
        assertEquals(described, inTable());
    }

    @Test
    void every_event_is_in_the_channel_of_one_service_and_every_reference_leads_somewhere() {
        JsonNode file = described();
        Set<String> inChannels = new TreeSet<>();
        for (JsonNode channel : file.path("channels")) {
            for (String type : names(channel.path("messages"))) {
                assertTrue(inChannels.add(type), type + " is in two channels");
            }
        }
        assertEquals(names(file.at("/components/messages")), inChannels);
        for (JsonNode reference : file.findValues("$ref")) {
            String pointer = reference.asText().substring(1).replace("~", "~0");
            assertTrue(!file.at(pointer).isMissingNode(), reference::asText);
        }
    }

    /** Whether an event has the members that are described, and no others. */
    static void assertDescribed(OtherServices.Heard event) {
        JsonNode payload = described().at("/components/messages/" + event.type() + "/payload");
        assertTrue(payload.isObject(), () -> event.type() + " is not described");
        Set<String> members = new TreeSet<>(event.data().fieldNames());
        Set<String> known = names(payload.path("properties"));
        assertTrue(known.containsAll(members), () -> event.type() + " has " + members + ", described are " + known);
        payload.path("required")
                .forEach(member ->
                        assertTrue(members.contains(member.asText()), () -> event.type() + " lacks " + member));
    }
}
