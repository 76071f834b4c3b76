package city.madang.records;

import city.madang.kit.problem.CommonProblem;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads JSON that a caller wrote freely: bounded in size and depth, each member once, nothing after the end. */
public final class JsonBody {

    /** Deeper than any form or definition needs. */
    private static final int DEEPEST = 32;

    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(40)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private JsonBody() {}

    /** @param longest in bytes of UTF-8 */
    public static JsonNode read(@Nullable String body, int longest) {
        if (body == null || body.isBlank()) {
            throw CommonProblem.INVALID_REQUEST.with("a body is needed");
        }
        if (body.length() > longest || body.getBytes(StandardCharsets.UTF_8).length > longest) {
            throw CommonProblem.TOO_LARGE.with("the body may have " + longest + " bytes");
        }
        if (body.indexOf('\u0000') >= 0 || body.contains("\\u0000")) {
            throw CommonProblem.INVALID_REQUEST.with("the body holds a NUL character");
        }
        return parse(body);
    }

    /** JSON that was checked before, e.g. from the database. */
    public static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw CommonProblem.INVALID_REQUEST.with("the body is not valid JSON: " + malformed.getOriginalMessage());
        }
    }
}
