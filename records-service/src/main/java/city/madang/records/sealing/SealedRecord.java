package city.madang.records.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.records.documents.Vault;
import city.madang.tlog.proof.ProofFile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** A sealed record's metadata. */
public record SealedRecord(
        UUID id,
        UUID application,
        String agency,
        String applicant,
        String service,
        String type,
        int version,
        String titleKo,
        String titleEn,
        Instant issued,
        Instant validUntil,
        String pdfSha256,
        Vault.Kept kept,
        byte[] recordSalt,
        byte[] documentSalt,
        String entry,
        long logIndex) {

    static final String COLUMNS = "id, application, agency, applicant, service, type, version, title_ko, title_en,"
            + " issued, valid_until, pdf_sha256, blob, wrapped_key, record_salt, document_salt, entry, log_index";

    /**
     * The proof of this record's entry as its holder gets it: the {@code extra} line opens the entry's commitments.
     *
     * @param proof of the entry
     */
    public ProofFile openedBy(ProofFile proof) {
        HexFormat hex = HexFormat.of();
        byte[] opening = new JsonObject()
                .put("entry", entry)
                .put("record", id.toString())
                .put("record_salt", hex.formatHex(recordSalt))
                .put("document_salt", hex.formatHex(documentSalt))
                .encode()
                .getBytes(UTF_8);
        return new ProofFile(Optional.of(opening), proof.index(), proof.path(), proof.checkpoint());
    }

    static SealedRecord of(Row row) {
        return new SealedRecord(
                row.getUUID("id"),
                row.getUUID("application"),
                row.getString("agency"),
                row.getString("applicant"),
                row.getString("service"),
                row.getString("type"),
                row.getInteger("version"),
                row.getString("title_ko"),
                row.getString("title_en"),
                row.getOffsetDateTime("issued").toInstant(),
                row.getOffsetDateTime("valid_until").toInstant(),
                row.getString("pdf_sha256"),
                new Vault.Kept(
                        row.getString("blob"), row.getBuffer("wrapped_key").getBytes()),
                row.getBuffer("record_salt").getBytes(),
                row.getBuffer("document_salt").getBytes(),
                row.getString("entry"),
                row.getLong("log_index"));
    }
}
