package city.madang.records.documents;

import city.madang.records.documents.content.Format;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An announced version of a document, whose bytes are still to come.
 *
 * @param id also of the version that it becomes
 * @param follows whether the document has versions already
 * @param sha256 hex, if it was announced
 * @param metadata canonical JSON
 * @param byApplicant whether a citizen sends it along with an application
 */
record Upload(
        UUID id,
        UUID document,
        String agency,
        String type,
        @Nullable String subject,
        boolean follows,
        String name,
        Format format,
        long length,
        @Nullable String sha256,
        String metadata,
        String announcedBy,
        boolean byApplicant,
        Instant expires) {

    static Upload of(Row row) {
        return new Upload(
                row.getUUID("id"),
                row.getUUID("document"),
                row.getString("agency"),
                row.getString("type"),
                row.getString("subject"),
                row.getBoolean("follows"),
                row.getString("name"),
                Format.valueOf(row.getString("format")),
                row.getLong("length"),
                row.getString("sha256"),
                row.getString("metadata"),
                row.getString("announced_by"),
                row.getBoolean("by_applicant"),
                row.getOffsetDateTime("expires").toInstant());
    }
}
