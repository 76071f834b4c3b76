package city.madang.records.documents;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.records.Loop;
import city.madang.records.log.RecordLog;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Tells that a version is kept, once a published checkpoint covers its entry and not before. Until then nobody finds it. */
@ApplicationScoped
public class KeptTidings {

    private static final Duration IDLE = Duration.ofMillis(100);

    private final Pool pool;
    private final RecordLog log;
    private final Outbox outbox;
    private final Loop loop;

    KeptTidings(Pool pool, RecordLog log, Outbox outbox, Vertx vertx) {
        this.pool = pool;
        this.log = log;
        this.outbox = outbox;
        this.loop = new Loop("telling of documents", vertx, IDLE, this::tellSome);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private Uni<Boolean> tellSome() {
        return pool.query("select v.id, v.document, v.agency, v.version, d.type, d.record_salt from document_version v"
                        + " join document d on d.id = v.document where v.told is null"
                        + " order by v.kept limit 100")
                .execute()
                .chain(rows -> Multi.createFrom()
                        .iterable(rows)
                        .onItem()
                        .transformToUniAndConcatenate(this::tellIfPublished)
                        .collect()
                        .asList())
                .map(told -> told.contains(true));
    }

    private Uni<Boolean> tellIfPublished(Row row) {
        UUID document = row.getUUID("document");
        String key = DocumentEntry.logKey(row.getBuffer("record_salt").getBytes(), document, row.getInteger("version"));
        return log.publishedIndex(row.getString("agency"), key)
                .chain(index -> index.isEmpty()
                        ? Uni.createFrom().item(false)
                        : tell(row, index.get()).replaceWith(true));
    }

    private Uni<Void> tell(Row row, long index) {
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
                .chain(told ->
                        told == 0 ? Uni.createFrom().voidItem() : outbox.add(connection, List.of(event(row, index)))));
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
