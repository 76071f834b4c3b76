package city.madang.records.documents;

import city.madang.records.access.Reader;
import city.madang.records.documents.content.Format;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Documents that everyone may hear of: those with a version under a published checkpoint. */
@ApplicationScoped
public class Archive {

    /** Of one document. */
    static final int MOST_LINKS = 200;

    private static final String DOCUMENT =
            "select d.*, t.definition from document d join document_type t using (agency, type) where d.latest > 0 and ";

    private final Pool pool;

    Archive(Pool pool) {
        this.pool = pool;
    }

    /** @param definition of its type, as it is now */
    record Document(
            UUID id,
            String agency,
            String type,
            @Nullable String subject,
            int latest,
            Instant created,
            @Nullable Instant retainUntil,
            String definition) {}

    record Version(
            UUID id,
            UUID document,
            String agency,
            int number,
            String name,
            Format format,
            long length,
            JsonObject metadata,
            Vault.Kept kept,
            byte[] recordSalt,
            byte[] documentSalt,
            byte[] sha256,
            String entry,
            long logIndex,
            Instant keptAt,
            String keptBy) {}

    record Summary(int number, Format format, long length, long logIndex, Instant kept) {}

    record Link(String relation, UUID target) {}

    Uni<Optional<Document>> document(UUID id) {
        return pool.preparedQuery(DOCUMENT + "d.id = $1").execute(Tuple.of(id)).map(rows -> StreamSupport.stream(
                        rows.spliterator(), false)
                .findFirst()
                .map(Archive::document));
    }

    Uni<Optional<Version>> version(UUID document, int number) {
        return pool.preparedQuery(
                        "select v.*, d.record_salt from document_version v join document d on d.id = v.document"
                                + " where v.document = $1 and v.version = $2 and v.told is not null")
                .execute(Tuple.of(document, number))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(Archive::version));
    }

    /** A version by its id, which was its upload's; -1 as its index as long as nobody may hear of it. */
    Uni<Optional<Summary>> byUpload(Reader by, UUID id) {
        return pool.preparedQuery(
                        "select v.version, v.format, v.length, coalesce(case when v.told is null then null else"
                                + " v.log_index end, -1) as log_index, v.kept from document_version v join document d on d.id ="
                                + " v.document where v.id = $1 and "
                                + (by.agency() == null ? "v.kept_by = $2 and d.subject = $2" : "v.agency = $2"))
                .execute(Tuple.of(id, by.agency() == null ? by.subject() : by.agency()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(Archive::summary));
    }

    Uni<List<Summary>> versions(UUID document, int before, int limit) {
        return pool.preparedQuery("select version, format, length, log_index, kept from document_version where"
                        + " document = $1 and version < $2 and told is not null order by version desc limit $3")
                .execute(Tuple.of(document, before, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Archive::summary)
                        .toList());
    }

    /**
     * Documents whose latest version's metadata contain {@code equals}; the agency's, or those of the citizen; the latest first.
     *
     * @param equals nested members with their values; empty matches all
     */
    Uni<List<Document>> search(
            Reader reader, @Nullable String type, JsonObject equals, @Nullable UUID after, int limit) {
        boolean citizen = reader.agency() == null;
        return pool.preparedQuery(DOCUMENT + (citizen ? "d.subject = $1" : "d.agency = $1")
                        + " and ($2::text is null or d.type = $2)"
                        + (citizen ? " and coalesce((t.definition::jsonb ->> 'open_to_subject')::boolean, true)" : "")
                        + " and exists (select from document_version v where v.document = d.id and v.version = d.latest"
                        + " and v.metadata @> $3) and ($4::uuid is null or d.position < (select position from document"
                        + " where id = $4)) order by d.position desc limit $5")
                .execute(Tuple.of(citizen ? reader.subject() : reader.agency(), type, equals, after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Archive::document)
                        .toList());
    }

    Uni<List<Link>> links(UUID document) {
        return pool.preparedQuery(
                        "select relation, target from document_link where document = $1 order by linked, relation,"
                                + " target limit " + MOST_LINKS)
                .execute(Tuple.of(document))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Link(row.getString(0), row.getUUID(1)))
                        .toList());
    }

    /** Links to a document or a sealed record of the same agency; false if there is none such. */
    Uni<Boolean> link(String agency, UUID document, Link link) {
        return pool.preparedQuery(
                        "insert into document_link (document, relation, target) select $1, $2, $3 where (exists"
                                + " (select from document where id = $3 and agency = $4 and latest > 0) or"
                                + " exists (select from record where id = $3 and agency = $4 and told is not null)) and (select"
                                + " count(*) from document_link where document = $1) < " + MOST_LINKS
                                + " on conflict do nothing")
                .execute(Tuple.of(document, link.relation(), link.target(), agency))
                .chain(inserted -> inserted.rowCount() == 1
                        ? Uni.createFrom().item(true)
                        : links(document).map(links -> links.contains(link)));
    }

    Uni<Void> unlink(UUID document, Link link) {
        return pool.preparedQuery("delete from document_link where document = $1 and relation = $2 and target = $3")
                .execute(Tuple.of(document, link.relation(), link.target()))
                .replaceWithVoid();
    }

    private static Document document(Row row) {
        return new Document(
                row.getUUID("id"),
                row.getString("agency"),
                row.getString("type"),
                row.getString("subject"),
                row.getInteger("latest"),
                row.getOffsetDateTime("created").toInstant(),
                row.getOffsetDateTime("retain_until") == null
                        ? null
                        : row.getOffsetDateTime("retain_until").toInstant(),
                row.getString("definition"));
    }

    private static Version version(Row row) {
        return new Version(
                row.getUUID("id"),
                row.getUUID("document"),
                row.getString("agency"),
                row.getInteger("version"),
                row.getString("name"),
                Format.valueOf(row.getString("format")),
                row.getLong("length"),
                (JsonObject) row.getValue("metadata"),
                new Vault.Kept(
                        row.getString("blob"), row.getBuffer("wrapped_key").getBytes()),
                row.getBuffer("record_salt").getBytes(),
                row.getBuffer("document_salt").getBytes(),
                row.getBuffer("sha256").getBytes(),
                row.getString("entry"),
                row.getLong("log_index"),
                row.getOffsetDateTime("kept").toInstant(),
                row.getString("kept_by"));
    }

    private static Summary summary(Row row) {
        return new Summary(
                row.getInteger("version"),
                Format.valueOf(row.getString("format")),
                row.getLong("length"),
                row.getLong("log_index"),
                row.getOffsetDateTime("kept").toInstant());
    }
}
