package city.madang.records.sealing;

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

    /** @param sha256 of the sealed PDF, hex */
    public Uni<Optional<SealedRecord>> byDocument(String sha256) {
        return pool.preparedQuery(SELECT + "pdf_sha256 = $1")
                .execute(Tuple.of(sha256))
                .map(SealedRecords::first);
    }

    private static Optional<SealedRecord> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(SealedRecord.of(rows.iterator().next()));
    }
}
