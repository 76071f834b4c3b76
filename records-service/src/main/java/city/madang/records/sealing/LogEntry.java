package city.madang.records.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.UUID;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * What the log says of a record: commitments that nobody can link to a record or a document without the salts.
 * Canonical JSON (RFC 8785).
 */
public final class LogEntry {

    public static final int SALT_BYTES = 32;

    private LogEntry() {}

    /**
     * @param recordSalt blinds the record's id
     * @param documentSalt blinds the document
     * @param document the sealed PDF
     * @param json the same record as signed JSON
     */
    public static String of(
            String type,
            UUID record,
            int version,
            byte[] recordSalt,
            byte[] documentSalt,
            byte[] document,
            byte[] json,
            Instant at) {
        JsonObject entry = new JsonObject()
                .put("type", type)
                .put("record", commit(recordSalt, record.toString().getBytes(UTF_8)))
                .put("version", version)
                .put("document_sha256", commit(documentSalt, sha256(document)))
                .put("json_sha256", commit(documentSalt, sha256(json)))
                .put("time", at.truncatedTo(ChronoUnit.SECONDS).toString());
        try {
            return new JsonCanonicalizer(entry.encode()).getEncodedString();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** SHA-256(salt ‖ value), hex. */
    public static String commit(byte[] salt, byte[] value) {
        return HexFormat.of().formatHex(sha256(salt, value));
    }

    public static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
