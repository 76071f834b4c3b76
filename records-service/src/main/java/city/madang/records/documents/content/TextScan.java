package city.madang.records.documents.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;

/** Text is UTF-8 without control characters; JSON is one value, each member once (RFC 8259, I-JSON's rule on names). */
final class TextScan {

    private static final int DEEPEST = 100;
    private static final int LONGEST_STRING = 4 << 20;
    private static final int LONGEST_NAME = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_STRING)
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(400)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private TextScan() {}

    static void text(InputStream in) throws IOException, Refused {
        Reader reader = strict(in);
        char[] buffer = new char[8_192];
        try {
            for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    char c = buffer[i];
                    if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f') {
                        throw new Refused("text may hold no control characters");
                    }
                }
            }
        } catch (CharacterCodingException malformed) {
            throw new Refused("text must be UTF-8");
        }
    }

    static void json(InputStream in) throws IOException, Refused {
        try (JsonParser parser = JSON.createParser(strict(in))) {
            if (parser.nextToken() == null) {
                throw new Refused("there is no JSON value");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new Refused("there is more than one JSON value");
            }
        } catch (CharacterCodingException malformed) {
            throw new Refused("JSON must be UTF-8");
        } catch (JsonProcessingException malformed) {
            throw new Refused("it is not JSON, or nested too deeply, or names a member twice");
        }
    }

    /** Does not close what it reads. */
    static Reader strict(InputStream in) {
        return new InputStreamReader(
                new java.io.FilterInputStream(in) {
                    @Override
                    public void close() {}
                },
                UTF_8.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }
}
