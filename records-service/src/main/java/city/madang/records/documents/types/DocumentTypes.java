package city.madang.records.documents.types;

import city.madang.records.JsonBody;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Types, each its agency's own. */
@ApplicationScoped
public class DocumentTypes {

    /** Of one agency. */
    static final int MOST = 500;

    /** Kept read: compiling a schema takes milliseconds. */
    private static final int MOST_READ = 500;

    private final Pool pool;
    private final Map<String, DocumentType> kept = new ConcurrentHashMap<>();

    DocumentTypes(Pool pool) {
        this.pool = pool;
    }

    /** A stored definition. */
    public record Stored(String agency, String type, int version, String definition) {}

    /** The new version, or the same if nothing changed; empty if the agency has too many types. */
    Uni<Optional<Stored>> put(String agency, String type, DocumentType definition) {
        String text = definition.tree().toString();
        return pool.withTransaction(connection -> connection
                .preparedQuery("select pg_advisory_xact_lock(hashtext($1))")
                .execute(Tuple.of("document-type/" + agency))
                .chain(() -> connection
                        .preparedQuery("insert into document_type (agency, type, definition, version, changed)"
                                + " select $1, $2, $3, 1, now() where exists (select from document_type where agency = $1"
                                + " and type = $2) or (select count(*) from document_type where agency = $1) < " + MOST
                                + " on conflict (agency, type) do update set definition = excluded.definition, version ="
                                + " document_type.version + 1, changed = now() where document_type.definition <>"
                                + " excluded.definition")
                        .execute(Tuple.of(agency, type, text)))
                .chain(() -> find(connection, agency, type)));
    }

    public Uni<Optional<Stored>> find(SqlClient connection, String agency, String type) {
        return connection
                .preparedQuery("select version, definition from document_type where agency = $1 and type = $2")
                .execute(Tuple.of(agency, type))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(row -> new Stored(agency, type, row.getInteger(0), row.getString(1))));
    }

    Uni<List<Stored>> list(String agency, @Nullable String after, int limit) {
        return pool.preparedQuery("select type, version, definition from document_type where agency = $1 and type > $2"
                        + " order by type limit $3")
                .execute(Tuple.of(agency, after == null ? "" : after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Stored(agency, row.getString(0), row.getInteger(1), row.getString(2)))
                        .toList());
    }

    /** Blocks for milliseconds when it is read for the first time. */
    public DocumentType read(Stored stored) {
        @Nullable DocumentType known = kept.get(stored.definition());
        if (known != null) {
            return known;
        }
        if (!(TypeReader.read(JsonBody.parse(stored.definition())) instanceof TypeReader.Result.Read read)) {
            throw new IllegalStateException("a stored type is no longer valid");
        }
        if (kept.size() >= MOST_READ) {
            kept.clear();
        }
        kept.put(stored.definition(), read.type());
        return read.type();
    }
}
