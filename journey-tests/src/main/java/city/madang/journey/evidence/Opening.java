package city.madang.journey.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What opens the log's commitment to a document: without the salts nobody can link an entry to a document.
 *
 * @param entry the bytes that were logged
 * @param documentSalt 32 bytes
 */
public record Opening(byte[] entry, byte[] documentSalt) {

    private static final String WHAT = "the log entry commits to this document";

    public static Opening of(JsonNode json) {
        return new Opening(
                json.path("entry").asText().getBytes(StandardCharsets.UTF_8),
                HexFormat.of().parseHex(json.path("document_salt").asText()));
    }

    /** Whether the entry's {@code document_sha256} is SHA-256(salt ‖ SHA-256(document)). */
    public Finding matches(byte[] document) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] inner = sha256.digest(document);
            sha256.update(documentSalt);
            String commitment = HexFormat.of().formatHex(sha256.digest(inner));
            String logged =
                    new ObjectMapper().readTree(entry).path("document_sha256").asText();
            return commitment.equals(logged)
                    ? Finding.proven(WHAT, commitment)
                    : Finding.refused(WHAT, "the entry is about another document");
        } catch (NoSuchAlgorithmException | IOException unusable) {
            return Finding.refused(WHAT, "not a log entry: " + unusable.getMessage());
        }
    }
}
