package city.madang.records.documents;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
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

    private final Pool pool;

    Uploads(Pool pool) {
        this.pool = pool;
    }

    /** Whether there was room for it, and the agency is registered. */
    Uni<Boolean> announce(Upload upload) {
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
                .addOffsetDateTime(upload.expires().atOffset(ZoneOffset.UTC));
        return pool.preparedQuery("insert into upload (id, document, agency, type, subject, follows, name, format,"
                        + " length, sha256, metadata, announced_by, expires) select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
                        + " $11, $12, $13 where exists (select from wrapping_key where agency = $3) and (select count(*) from"
                        + " upload where agency = $3) < " + MOST)
                .execute(values)
                .map(inserted -> inserted.rowCount() == 1);
    }

    Uni<Optional<Upload>> find(String agency, UUID id) {
        return pool.preparedQuery("select * from upload where id = $1 and agency = $2 and expires > now()")
                .execute(Tuple.of(id, agency))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(Upload::of));
    }
}
