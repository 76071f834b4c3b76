package city.madang.identity.jose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON from strangers: no repeated member, nothing after the end, bounded depth and length. */
public final class StrictJson {

    private static final int DEEPEST = 20;
    private static final int LONGEST = 256 * 1024;

    /** For those who ask for more; characters. */
    private static final int LARGEST = 8 * 1024 * 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxDocumentLength(LARGEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectReader OBJECT = MAPPER.readerFor(new TypeReference<Map<String, @Nullable Object>>() {});
    private static final ObjectReader ARRAY = MAPPER.readerFor(new TypeReference<List<@Nullable Object>>() {});
    private static final ObjectWriter WRITER = MAPPER.writer();

    private StrictJson() {}

    /** @throws Malformed if it is not one JSON object */
    public static Map<String, @Nullable Object> object(String text) throws Malformed {
        return object(text, LONGEST);
    }

    /**
     * @param longest characters, at most 8 Mi
     * @throws Malformed if it is longer or not one JSON object
     */
    public static Map<String, @Nullable Object> object(String text, int longest) throws Malformed {
        if (text.length() > longest) {
            throw new Malformed("too long");
        }
        try {
            Map<String, @Nullable Object> parsed = OBJECT.readValue(text);
            if (parsed == null) {
                throw new Malformed("not a JSON object");
            }
            return parsed;
        } catch (JsonProcessingException broken) {
            throw new Malformed("not a JSON object");
        }
    }

    /** @throws Malformed if it is not one JSON array */
    public static List<@Nullable Object> array(String text) throws Malformed {
        if (text.length() > LONGEST) {
            throw new Malformed("too long");
        }
        try {
            List<@Nullable Object> parsed = ARRAY.readValue(text);
            if (parsed == null) {
                throw new Malformed("not a JSON array");
            }
            return parsed;
        } catch (JsonProcessingException broken) {
            throw new Malformed("not a JSON array");
        }
    }

    public static String write(Object value) {
        try {
            return WRITER.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("not to be written as JSON", impossible);
        }
    }
}
