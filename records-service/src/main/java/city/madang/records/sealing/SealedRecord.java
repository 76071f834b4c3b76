package city.madang.records.sealing;

import city.madang.records.documents.Vault;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
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
