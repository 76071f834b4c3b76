package city.madang.records.sealing;

import city.madang.records.log.RecordLog;
import city.madang.records.retention.Shredding;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
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
                .preparedQuery(
                        "select agency, type, version from record r where id = $1 and told is not null and not exists (select"
                                + " from record_end e where e.record = r.id and e.told is null) for update")
                .execute(Tuple.of(record))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(row -> new Candidate(
                                record, row.getString(0), row.getString(1), row.getInteger(2), null, true)));
    }

    @Override
    public Uni<Void> shred(SqlConnection connection, UUID record) {
        Tuple id = Tuple.of(record);
        return connection
                .preparedQuery(
                        "with ended as (delete from record_end where record = $1 returning kind) select kind from"
                                + " ended")
                .execute(id)
                .chain(ends -> Multi.createFrom()
                        .iterable(ends)
                        .map(row -> row.getString(0))
                        .collect()
                        .asList())
                .chain(kinds -> loosen(connection, id)
                        .chain(() -> connection
                                .preparedQuery(
                                        "with shredded as (delete from record where id = $1 returning blob, agency,"
                                                + " version), doomed as (insert into doomed_blob (blob, record) select blob, $1 from"
                                                + " shredded) select agency, version from shredded")
                                .execute(id))
                        .chain(rows ->
                                forget(connection, record, rows.iterator().next(), kinds)));
    }

    /** What still names the record: applications, the ends of others, links. */
    private static Uni<Void> loosen(SqlConnection connection, Tuple id) {
        return Multi.createFrom()
                .items(
                        "insert into doomed_blob (blob, record) select blob, id from record_json where id = $1",
                        "delete from record_json where id = $1",
                        "update record_end set successor = null where successor = $1",
                        "update application set renews = null where renews = $1",
                        "update application set record = null where record = $1",
                        "delete from document_link where target = $1")
                .onItem()
                .transformToUniAndConcatenate(
                        statement -> connection.preparedQuery(statement).execute(id))
                .collect()
                .asList()
                .replaceWithVoid();
    }

    /** The keys under which the entries of its sealing and its end were queued. */
    private Uni<Void> forget(SqlConnection connection, UUID record, Row row, List<String> kinds) {
        String agency = row.getString(0);
        return log.forgetKey(connection, agency, SealingWorker.logKey(record, row.getInteger(1)))
                .chain(() -> Multi.createFrom()
                        .iterable(kinds)
                        .onItem()
                        .transformToUniAndConcatenate(
                                kind -> log.forgetKey(connection, agency, "record/" + record + "/" + kind))
                        .collect()
                        .asList())
                .replaceWithVoid();
    }

    @Override
    public Uni<List<UUID>> due(SqlClient client, int limit) {
        return Uni.createFrom().item(List.of());
    }
}
