package city.madang.records.access;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Accesses that stand in the log, for those whom they concern: the owner of the record and the agency that holds it. */
@ApplicationScoped
public class Accesses {

    private final Pool pool;

    Accesses(Pool pool) {
        this.pool = pool;
    }

    record Access(
            UUID id,
            String agency,
            UUID record,
            @Nullable String owner,
            String titleKo,
            String titleEn,
            Reader reader,
            Grounds grounds,
            Instant at,
            byte[] salt,
            String entry,
            long logIndex) {}

    /** To records of the citizen, or to those that the agency holds; the latest first. */
    Uni<List<Access>> of(Reader reader, @Nullable UUID record, @Nullable UUID after, int limit) {
        return pool.preparedQuery("select * from access_entry where told is not null and "
                        + concerns(reader)
                        + " and ($2::uuid is null or record = $2) and ($3::uuid is null or position < (select position"
                        + " from access_entry where id = $3)) order by position desc limit $4")
                .execute(Tuple.of(who(reader), record, after, limit))
                .map(Accesses::read);
    }

    Uni<Optional<Access>> byId(Reader reader, UUID id) {
        return pool.preparedQuery(
                        "select * from access_entry where told is not null and " + concerns(reader) + " and id = $2")
                .execute(Tuple.of(who(reader), id))
                .map(rows -> read(rows).stream().findFirst());
    }

    private static String concerns(Reader reader) {
        return reader.isCitizen() ? "owner = $1" : "agency = $1";
    }

    private static @Nullable String who(Reader reader) {
        return reader.isCitizen() ? reader.subject() : reader.agency();
    }

    private static List<Access> read(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Access(
                        row.getUUID("id"),
                        row.getString("agency"),
                        row.getUUID("record"),
                        row.getString("owner"),
                        row.getString("title_ko"),
                        row.getString("title_en"),
                        new Reader(
                                row.getString("reader_kind"), row.getString("reader"), row.getString("reader_agency")),
                        new Grounds(
                                row.getString("purpose_ko"),
                                row.getString("purpose_en"),
                                row.getString("basis_ko"),
                                row.getString("basis_en"),
                                row.getBoolean("break_glass"),
                                row.getUUID("delegation")),
                        row.getOffsetDateTime("at").toInstant(),
                        row.getBuffer("salt").getBytes(),
                        row.getString("entry"),
                        row.getLong("log_index")))
                .toList();
    }
}
