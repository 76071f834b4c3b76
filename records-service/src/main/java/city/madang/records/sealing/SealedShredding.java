package city.madang.records.sealing;

import city.madang.records.log.RecordLog;
import city.madang.records.retention.Shredding;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Sealed records end by order alone; a copy that somebody holds stays signed, but nobody finds it in the log any more. */
@ApplicationScoped
public class SealedShredding implements Shredding {

    private final RecordLog log;

    SealedShredding(RecordLog log) {
        this.log = log;
    }

    @Override
    public Uni<Optional<Candidate>> lock(SqlConnection connection, UUID record) {
        return connection
                .preparedQuery("select agency, type, version from record where id = $1 and told is not null for update")
                .execute(Tuple.of(record))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(row -> new Candidate(
                                record, row.getString(0), row.getString(1), row.getInteger(2), null, true)));
    }

    @Override
    public Uni<Void> shred(SqlConnection connection, UUID record) {
        return connection
                .preparedQuery(
                        "with shredded as (delete from record where id = $1 returning blob, agency, version), doomed"
                                + " as (insert into doomed_blob (blob, record) select blob, $1 from shredded)"
                                + " select agency, version from shredded")
                .execute(Tuple.of(record))
                .chain(rows -> {
                    var row = rows.iterator().next();
                    return log.forgetKey(connection, row.getString(0), SealingWorker.logKey(record, row.getInteger(1)));
                })
                .chain(() -> connection
                        .preparedQuery("delete from document_link where target = $1")
                        .execute(Tuple.of(record)))
                .chain(() -> connection
                        .preparedQuery("update application set record = null where record = $1")
                        .execute(Tuple.of(record)))
                .replaceWithVoid();
    }

    @Override
    public Uni<List<UUID>> due(SqlClient client, int limit) {
        return Uni.createFrom().item(List.of());
    }
}
