package city.madang.records.sealing;

import city.madang.records.log.CanonicalJson;
import city.madang.records.log.SaltedHash;
import city.madang.tlog.tree.Hashes;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * What the log says of a record: commitments that nobody can link to a record or a document without the salts.
 * Canonical JSON (RFC 8785).
 */
final class LogEntry {

    private LogEntry() {}

    /**
     * @param recordSalt blinds the record's id
     * @param documentSalt blinds the document
     * @param document the sealed PDF
     * @param json the same record as signed JSON
     */
    static String of(
            String type,
            UUID record,
            int version,
            byte[] recordSalt,
            byte[] documentSalt,
            byte[] document,
            byte[] json,
            Instant at) {
        return CanonicalJson.of(new JsonObject()
                .put("type", type)
                .put("record", SaltedHash.of(recordSalt, record))
                .put("version", version)
                .put("document_sha256", SaltedHash.of(documentSalt, Hashes.of(document)))
                .put("json_sha256", SaltedHash.of(documentSalt, Hashes.of(json)))
                .put("time", at.truncatedTo(ChronoUnit.SECONDS).toString()));
    }
}
