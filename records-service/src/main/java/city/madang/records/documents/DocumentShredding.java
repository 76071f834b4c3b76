package city.madang.records.documents;

import city.madang.records.documents.types.DocumentTypes;
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

/** Documents end with all their rows: nothing of them stays that an order, a length or a time could tell. */
@ApplicationScoped
public class DocumentShredding implements Shredding {

    private final DocumentTypes types;

    DocumentShredding(DocumentTypes types) {
        this.types = types;
    }

    @Override
    public Uni<Optional<Candidate>> lock(SqlConnection connection, UUID record) {
        return connection
                .preparedQuery("select d.agency, d.type, d.versions, d.retain_until, t.definition from document d join"
                        + " document_type t using (agency, type) where d.id = $1 and d.latest > 0 for update of d")
                .execute(Tuple.of(record))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(row -> new Candidate(
                                record,
                                row.getString(0),
                                row.getString(1),
                                row.getInteger(2),
                                row.getOffsetDateTime(3) == null
                                        ? null
                                        : row.getOffsetDateTime(3).toInstant(),
                                types.read(new DocumentTypes.Stored(
                                                row.getString(0), row.getString(1), 0, row.getString(4)))
                                        .earlyDestruction())));
    }

    @Override
    public Uni<Void> shred(SqlConnection connection, UUID record) {
        Tuple id = Tuple.of(record);
        return connection
                .preparedQuery("with shredded as (delete from document_version where document = $1 returning blob)"
                        + " insert into doomed_blob (blob, record) select blob, $1 from shredded")
                .execute(id)
                .chain(() -> connection
                        .preparedQuery("delete from document_link where document = $1 or target = $1")
                        .execute(id))
                .chain(() -> connection
                        .preparedQuery("delete from upload where document = $1")
                        .execute(id))
                .chain(() -> connection
                        .preparedQuery("delete from document where id = $1")
                        .execute(id))
                .replaceWithVoid();
    }

    @Override
    public Uni<List<UUID>> due(SqlClient client, int limit) {
        return client.preparedQuery(
                        "select id from document d where retain_until <= now() and latest > 0 and not exists"
                                + " (select from legal_hold h where h.record = d.id and h.released is null) order by retain_until"
                                + " limit $1")
                .execute(Tuple.of(limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID(0))
                        .toList());
    }
}
