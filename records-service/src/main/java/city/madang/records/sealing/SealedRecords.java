package city.madang.records.sealing;

import city.madang.records.documents.Vault;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Finds records that everyone has been told of; one that is not yet under a published checkpoint does not exist here. */
@ApplicationScoped
public class SealedRecords {

    private static final String SELECT = "select " + SealedRecord.COLUMNS + " from record where told is not null and ";

    private final Pool pool;

    SealedRecords(Pool pool) {
        this.pool = pool;
    }

    public Uni<Optional<SealedRecord>> byId(UUID id) {
        return pool.preparedQuery(SELECT + "id = $1").execute(Tuple.of(id)).map(SealedRecords::first);
    }

    /** @param sha256 of the sealed PDF or JSON, hex */
    public Uni<Optional<SealedRecord>> byDocument(String sha256) {
        return pool.preparedQuery(SELECT + "(pdf_sha256 = $1 or id = (select id from record_json where sha256 = $1))")
                .execute(Tuple.of(sha256))
                .map(SealedRecords::first);
    }

    /** @param origin of the log in which the entry stands */
    public Uni<Optional<SealedRecord>> byEntry(String origin, long index) {
        return pool.preparedQuery(SELECT + "agency = (select agency from log where origin = $1) and log_index = $2")
                .execute(Tuple.of(origin, index))
                .map(SealedRecords::first);
    }

    /** Where the signed JSON of a record lies; empty for records from before there was any. */
    public Uni<Optional<Vault.Kept>> json(UUID record) {
        return pool.preparedQuery("select blob, wrapped_key from record_json where id = $1")
                .execute(Tuple.of(record))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(new Vault.Kept(
                                rows.iterator().next().getString(0),
                                rows.iterator().next().getBuffer(1).getBytes())));
    }

    private static Optional<SealedRecord> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(SealedRecord.of(rows.iterator().next()));
    }
}
