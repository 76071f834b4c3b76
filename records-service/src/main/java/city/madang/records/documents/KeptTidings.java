package city.madang.records.documents;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.records.log.Tidings;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** Tells that a version is kept, once a published checkpoint covers its entry and not before. Until then nobody finds it. */
@ApplicationScoped
public class KeptTidings implements Tidings {

    private static final Duration IDLE = Duration.ofMillis(100);

    private static final String UNTOLD =
            "select v.id, v.document, v.agency, v.version, d.type, d.record_salt from document_version v"
                    + " join document d on d.id = v.document where v.told is null order by v.kept, v.id";

    private final Pool pool;
    private final Outbox outbox;

    KeptTidings(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    @Override
    public String name() {
        return "telling of documents";
    }

    @Override
    public Duration idle() {
        return IDLE;
    }

    @Override
    public String untold() {
        return UNTOLD;
    }

    @Override
    public String key(Row row) {
        return DocumentEntry.logKey(
                row.getBuffer("record_salt").getBytes(), row.getUUID("document"), row.getInteger("version"));
    }

    @Override
    public Uni<Boolean> tell(Row row, long index) {
        return pool.withTransaction(connection -> connection
                        // the document first: whoever destroys it locks it first too
                        .preparedQuery("update document set latest = greatest(latest, $2) where id = $1")
                        .execute(Tuple.of(row.getUUID("document"), row.getInteger("version")))
                        .chain(updated -> updated.rowCount() == 0
                                ? Uni.createFrom().item(0)
                                : connection
                                        .preparedQuery(
                                                "update document_version set told = now(), log_index = $2 where id = $1 and told is null")
                                        .execute(Tuple.of(row.getUUID("id"), index))
                                        .map(told -> told.rowCount()))
                        .chain(told -> told == 0
                                ? Uni.createFrom().voidItem()
                                : outbox.add(connection, List.of(event(row, index)))))
                .replaceWith(true);
    }

    private static Event event(Row row, long index) {
        String document = row.getUUID("document").toString();
        return Event.now(
                "document.kept",
                document,
                new JsonObject()
                        .put("document", document)
                        .put("version", row.getInteger("version"))
                        .put("agency", row.getString("agency"))
                        .put("type", row.getString("type"))
                        .put("log_index", index));
    }
}
