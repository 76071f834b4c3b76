package city.madang.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer.
 *
 * @param head status line and headers as they came
 */
public record Answer(int status, String head, byte[] body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        try {
            return JSON.readTree(text());
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("expected JSON, got " + text(), broken);
        }
    }

    public Optional<String> header(String name) {
        var start = name.toLowerCase(Locale.ROOT) + ":";
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst();
    }

    /** This answer, if it is a success. */
    public Answer orFail(String what) {
        if (status / 100 != 2) {
            throw new IllegalStateException("%s: %d %s".formatted(what, status, text()));
        }
        return this;
    }
}
