package city.madang.records.documents;

import city.madang.records.access.Reader;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Uploads that were announced. */
@ApplicationScoped
public class Uploads {

    /** Of one agency at a time. */
    static final int MOST = 10_000;

    /** Of one citizen: announced, or sent and not yet named by an application. */
    static final int MOST_OF_APPLICANT = 20;

    private final Pool pool;

    Uploads(Pool pool) {
        this.pool = pool;
    }

    /** Whether there was room for it, and the agency is registered. */
    Uni<Boolean> announce(Upload upload) {
        return announce(pool, upload, "(select count(*) from upload where agency = $3 and not by_applicant) < " + MOST);
    }

    /** Whether there was room for it: of what this citizen has announced or sent and no application has named. One at a time, so that many at once are not too many. */
    Uni<Boolean> announceByApplicant(Upload upload) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("select pg_advisory_xact_lock(hashtext($1))")
                .execute(Tuple.of("attachments/" + upload.announcedBy()))
                .chain(() -> announce(
                        connection,
                        upload,
                        "(select count(*) from upload where announced_by = $12 and by_applicant) + (select count(*) from"
                                + " document where subject = $12 and unattached) < " + MOST_OF_APPLICANT)));
    }

    private static Uni<Boolean> announce(SqlClient client, Upload upload, String room) {
        Tuple values = Tuple.tuple()
                .addUUID(upload.id())
                .addUUID(upload.document())
                .addString(upload.agency())
                .addString(upload.type())
                .addValue(upload.subject())
                .addBoolean(upload.follows())
                .addString(upload.name())
                .addString(upload.format().name())
                .addLong(upload.length())
                .addValue(upload.sha256())
                .addString(upload.metadata())
                .addString(upload.announcedBy())
                .addBoolean(upload.byApplicant())
                .addOffsetDateTime(upload.expires().atOffset(ZoneOffset.UTC));
        return client.preparedQuery("insert into upload (id, document, agency, type, subject, follows, name, format,"
                        + " length, sha256, metadata, announced_by, by_applicant, expires) select $1, $2, $3, $4, $5, $6,"
                        + " $7, $8, $9, $10, $11, $12, $13, $14 where exists (select from wrapping_key where agency = $3)"
                        + " and " + room)
                .execute(values)
                .map(inserted -> inserted.rowCount() == 1);
    }

    /** An upload of the agency's own, or one that the citizen has announced. */
    Uni<Optional<Upload>> find(Reader by, UUID id) {
        return pool.preparedQuery("select * from upload where id = $1 and expires > now() and "
                        + (by.agency() == null
                                ? "by_applicant and announced_by = $2"
                                : "not by_applicant and agency = $2"))
                .execute(Tuple.of(id, by.agency() == null ? by.subject() : by.agency()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(Upload::of));
    }
}
