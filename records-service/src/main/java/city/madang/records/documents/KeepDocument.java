package city.madang.records.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.RecordsProblem;
import city.madang.records.documents.content.Inspection;
import city.madang.records.documents.content.Refused;
import city.madang.records.documents.types.DocumentType;
import city.madang.records.documents.types.DocumentTypes;
import city.madang.records.log.RecordLog;
import city.madang.records.log.SaltedHash;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of an announced version: encrypts them as they come, checks length and digest, reads them back and inspects them, publishes the ciphertext,
 * and in one transaction keeps the version and queues its log entry. What fails or dies before that transaction leaves nothing that anyone sees or could
 * read. Blocking.
 */
@ApplicationScoped
public class KeepDocument {

    private static final int BUFFER = 1 << 16;
    private static final int ATTEMPTS = 3;
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final Pool pool;
    private final Vault vault;
    private final RecordLog log;
    private final DocumentTypes types;
    private final DocumentSettings settings;
    private final Counter refused;
    private final DistributionSummary kept;

    KeepDocument(
            Pool pool,
            Vault vault,
            RecordLog log,
            DocumentTypes types,
            DocumentSettings settings,
            MeterRegistry meters) {
        this.pool = pool;
        this.vault = vault;
        this.log = log;
        this.types = types;
        this.settings = settings;
        this.refused = Counter.builder("madang.records.documents.refused")
                .description("Uploads refused for what they held, or because not all of it came")
                .register(meters);
        this.kept = DistributionSummary.builder("madang.records.documents.kept.bytes")
                .description("Documents that were kept, by their length")
                .register(meters);
    }

    /** Keeps the version; fails with the problem to answer. An {@code IOException} of the body ends it without a trace. */
    void keep(Upload upload, InputStream body) throws IOException {
        try (Draft draft = vault.draft(upload.agency(), upload.id())) {
            receive(upload, body, draft);
            byte[] digest = draft.digest();
            if (upload.sha256() != null
                    && !upload.sha256().equals(HexFormat.of().formatHex(digest))) {
                refused.increment();
                throw RecordsProblem.UPLOAD_INCOMPLETE.with("the content has not the announced SHA-256");
            }
            inspect(upload, draft);
            String name = draft.name();
            await(pool.preparedQuery("insert into draft_blob (blob) values ($1)")
                    .execute(Tuple.of(name)));
            publish(upload, draft, digest);
            kept.record(upload.length());
        }
    }

    /** Anew with the new version, if the agency's key was rotated and the old one destroyed since the document's was wrapped. */
    private void publish(Upload upload, Draft draft, byte[] digest) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Vault.Kept vaulted = draft.publish();
            try {
                await(pool.withTransaction(connection -> store(connection, upload, digest, vaulted)));
                return;
            } catch (PgException refused) {
                if (attempt == ATTEMPTS || !FOREIGN_KEY_VIOLATION.equals(refused.getSqlState())) {
                    throw refused;
                }
            }
        }
    }

    private void receive(Upload upload, InputStream body, Draft draft) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            if (draft.length() + read > upload.length()) {
                refused.increment();
                throw RecordsProblem.UPLOAD_INCOMPLETE.with("the content is longer than was announced");
            }
            draft.write(buffer, 0, read);
        }
        if (draft.length() != upload.length()) {
            refused.increment();
            throw RecordsProblem.UPLOAD_INCOMPLETE.with("the content is shorter than was announced");
        }
        draft.finish();
    }

    /** What is inspected is what is on the disk, read back. */
    private void inspect(Upload upload, Draft draft) throws IOException {
        try (InputStream content = draft.read()) {
            Inspection.inspect(upload.format(), content);
        } catch (Refused reason) {
            refused.increment();
            throw RecordsProblem.CONTENT_REFUSED.with(reason.why());
        }
    }

    private Uni<Void> store(SqlConnection connection, Upload upload, byte[] digest, Vault.Kept vaulted) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        byte[] documentSalt = SaltedHash.salt();
        return connection
                .preparedQuery("delete from upload where id = $1")
                .execute(Tuple.of(upload.id()))
                .invoke(deleted -> {
                    if (deleted.rowCount() == 0) {
                        throw CommonProblem.CONFLICT.with("this upload has been completed by another request");
                    }
                })
                .chain(() -> types.find(connection, upload.agency(), upload.type()))
                .map(type -> types.read(type.orElseThrow()))
                .chain(type -> numbered(connection, upload, retainUntil(upload, type, now), now))
                .chain(row -> {
                    int version = row.getInteger(0);
                    byte[] recordSalt = row.getBuffer(1).getBytes();
                    String entry = DocumentEntry.of(
                            upload.document(),
                            version,
                            recordSalt,
                            documentSalt,
                            digest,
                            HexFormat.of().parseHex(vaulted.blob()),
                            upload.metadata(),
                            upload.announcedBy(),
                            now);
                    return insert(connection, upload, digest, vaulted, version, documentSalt, entry, now)
                            .chain(() -> connection
                                    .preparedQuery("delete from draft_blob where blob = $1")
                                    .execute(Tuple.of(vaulted.blob())))
                            .chain(() -> log.queue(
                                    connection,
                                    upload.agency(),
                                    DocumentEntry.logKey(recordSalt, upload.document(), version),
                                    entry.getBytes(UTF_8)));
                });
    }

    /** What no application names yet goes soon. */
    private @Nullable OffsetDateTime retainUntil(Upload upload, DocumentType type, Instant now) {
        if (upload.byApplicant()) {
            return now.plus(settings.unattachedFor()).atOffset(ZoneOffset.UTC);
        }
        return type.retentionDays() == null
                ? null
                : now.plus(type.retentionDays(), ChronoUnit.DAYS).atOffset(ZoneOffset.UTC);
    }

    /** The version's number and the document's salt. The row stays locked: two versions at once get two numbers. */
    private Uni<Row> numbered(SqlConnection connection, Upload upload, @Nullable OffsetDateTime retain, Instant now) {
        String sql = upload.follows()
                ? "update document set versions = versions + 1, retain_until = case when retain_until is null or"
                        + " $3::timestamptz is null then null else greatest(retain_until, $3) end"
                        + " where id = $1 and agency = $2 returning versions, record_salt"
                : "insert into document (id, agency, retain_until, type, subject, record_salt, versions, created,"
                        + " unattached) values ($1, $2, $3, $4, $5, $6, 1, $7, $8) returning versions, record_salt";
        Tuple values = Tuple.tuple()
                .addUUID(upload.document())
                .addString(upload.agency())
                .addValue(retain);
        if (!upload.follows()) {
            values.addString(upload.type())
                    .addValue(upload.subject())
                    .addValue(Buffer.buffer(SaltedHash.salt()))
                    .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                    .addBoolean(upload.byApplicant());
        }
        return connection.preparedQuery(sql).execute(values).map(rows -> {
            if (rows.size() == 0) {
                throw CommonProblem.NOT_FOUND.with("the document was destroyed meanwhile");
            }
            return rows.iterator().next();
        });
    }

    private static Uni<Void> insert(
            SqlConnection connection,
            Upload upload,
            byte[] digest,
            Vault.Kept vaulted,
            int version,
            byte[] documentSalt,
            String entry,
            Instant now) {
        return connection
                .preparedQuery("insert into document_version (id, document, agency, version, name, format, length,"
                        + " metadata, blob, wrapped_key, document_salt, sha256, entry, kept_by, kept) values ($1, $2, $3,"
                        + " $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
                .execute(Tuple.tuple()
                        .addUUID(upload.id())
                        .addUUID(upload.document())
                        .addString(upload.agency())
                        .addInteger(version)
                        .addString(upload.name())
                        .addString(upload.format().name())
                        .addLong(upload.length())
                        .addValue(new JsonObject(upload.metadata()))
                        .addString(vaulted.blob())
                        .addValue(Buffer.buffer(vaulted.wrappedKey()))
                        .addValue(Buffer.buffer(documentSalt))
                        .addValue(Buffer.buffer(digest))
                        .addString(entry)
                        .addString(upload.announcedBy())
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().indefinitely();
    }
}
