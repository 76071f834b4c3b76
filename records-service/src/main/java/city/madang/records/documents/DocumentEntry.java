package city.madang.records.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.tree.Hashes;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * What the log says of a version of a document: commitments, each SHA-256(salt ‖ value) in hex, that nobody can link to a document or a person without the
 * salts. Canonical JSON (RFC 8785).
 */
final class DocumentEntry {

    static final int SALT_BYTES = 32;

    private DocumentEntry() {}

    /**
     * @param recordSalt the document's, blinds its id
     * @param documentSalt the version's, blinds all else
     * @param content SHA-256 of the content
     * @param ciphertext SHA-256 of what the blob store holds
     * @param metadata canonical
     */
    static String of(
            UUID document,
            int version,
            byte[] recordSalt,
            byte[] documentSalt,
            byte[] content,
            byte[] ciphertext,
            String metadata,
            String actor,
            Instant at) {
        return canonical(new JsonObject()
                .put("type", "document.kept")
                .put("record", record(recordSalt, document))
                .put("version", version)
                .put("document_sha256", commit(documentSalt, content))
                .put("ciphertext_sha256", commit(documentSalt, ciphertext))
                .put("metadata_sha256", commit(documentSalt, metadata.getBytes(UTF_8)))
                .put("actor", commit(documentSalt, actor.getBytes(UTF_8)))
                .put("time", at.toString())
                .encode());
    }

    static String record(byte[] recordSalt, UUID document) {
        return commit(recordSalt, document.toString().getBytes(UTF_8));
    }

    /** The idempotency key in the log; says no more than the entry does. */
    static String logKey(byte[] recordSalt, UUID document, int version) {
        return "document/" + record(recordSalt, document) + "/" + version;
    }

    static String canonical(String json) {
        try {
            return new JsonCanonicalizer(json).getEncodedString();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String commit(byte[] salt, byte[] value) {
        return HexFormat.of().formatHex(Hashes.of(salt, value));
    }
}
