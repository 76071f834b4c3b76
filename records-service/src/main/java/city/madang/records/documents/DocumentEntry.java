package city.madang.records.documents;

import city.madang.records.log.CanonicalJson;
import city.madang.records.log.SaltedHash;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/**
 * What the log says of a version of a document: commitments, each SHA-256(salt ‖ value) in hex, that nobody can link to a document or a person without the
 * salts. Canonical JSON (RFC 8785).
 */
final class DocumentEntry {

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
        return CanonicalJson.of(new JsonObject()
                .put("type", "document.kept")
                .put("record", record(recordSalt, document))
                .put("version", version)
                .put("document_sha256", SaltedHash.of(documentSalt, content))
                .put("ciphertext_sha256", SaltedHash.of(documentSalt, ciphertext))
                .put("metadata_sha256", SaltedHash.of(documentSalt, metadata))
                .put("actor", SaltedHash.of(documentSalt, actor))
                .put("time", at.toString()));
    }

    static String record(byte[] recordSalt, UUID document) {
        return SaltedHash.of(recordSalt, document);
    }

    /** The idempotency key in the log; says no more than the entry does. */
    static String logKey(byte[] recordSalt, UUID document, int version) {
        return "document/" + record(recordSalt, document) + "/" + version;
    }
}
