package city.madang.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.tree.Hashes;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log entry, and what opens its commitments. It travels in the {@code extra} line of a {@code .tlog-proof}: either the entry itself, or the JSON
 * {@code {"entry", "record", "record_salt", "document_salt"}} that the holder of a record gets.
 *
 * @param entry the bytes that were logged
 * @param documentSalt empty where only the entry is known
 */
record Opening(byte[] entry, Optional<byte[]> documentSalt) {

    /** Empty if it is neither. */
    static Optional<Opening> of(byte[] extra) {
        @Nullable JsonNode json = StrictJson.object(extra);
        if (json == null) {
            return Optional.empty();
        }
        if (!json.path("entry").isTextual()) {
            return Optional.of(new Opening(extra, Optional.empty()));
        }
        try {
            return Optional.of(new Opening(
                    json.path("entry").asText().getBytes(UTF_8),
                    Optional.of(
                            HexFormat.of().parseHex(json.path("document_salt").asText()))));
        } catch (IllegalArgumentException notHex) {
            return Optional.empty();
        }
    }

    String type() {
        return member("type");
    }

    /** When it was logged, by the log's own word. */
    Optional<Instant> time() {
        try {
            return Optional.of(Instant.parse(member("time")));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    /** Whether {@code document_sha256} or {@code json_sha256} of the entry is SHA-256(salt ‖ SHA-256(file)). */
    boolean commitsTo(byte[] file) {
        return documentSalt
                .map(salt -> HexFormat.of().formatHex(Hashes.of(salt, Hashes.of(file))))
                .filter(commitment ->
                        commitment.equals(member("document_sha256")) || commitment.equals(member("json_sha256")))
                .isPresent();
    }

    private String member(String name) {
        @Nullable JsonNode json = StrictJson.object(entry);
        return json == null ? "" : json.path(name).asText();
    }
}
