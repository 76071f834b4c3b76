package city.madang.records.retention;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsConfig;
import city.madang.records.agencies.Seals;
import city.madang.records.log.Tidings;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Certifies and tells of a destruction, once its entry is under a published checkpoint and its ciphertext is gone from the store. */
@ApplicationScoped
public class DestructionTidings implements Tidings {

    private static final Duration IDLE = Duration.ofMillis(300);

    private static final String UNTOLD = "select * from destruction d where told is null and not exists (select from"
            + " doomed_blob b where b.record = d.record) order by destroyed, record";

    private final Pool pool;
    private final Seals seals;
    private final Certificate certificate;
    private final Outbox outbox;
    private final String origin;

    DestructionTidings(Pool pool, Seals seals, Certificate certificate, Outbox outbox, RecordsConfig config) {
        this.pool = pool;
        this.seals = seals;
        this.certificate = certificate;
        this.outbox = outbox;
        this.origin = config.origin();
    }

    @Override
    public String name() {
        return "telling of destructions";
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
        return Shredder.key(row.getUUID("record"));
    }

    /** As soon as the agency has a certificate itself. */
    @Override
    public Uni<Boolean> tell(Row row, long index) {
        return seals.of(row.getString("agency"))
                .chain(seal -> seal.isEmpty()
                        ? Uni.createFrom().item(false)
                        : OffLoop.call(() -> certificate.sign(claims(row, index), seal.get()))
                                .chain(signed -> note(row, index, signed))
                                .replaceWith(true));
    }

    private JsonObject claims(Row row, long index) {
        return new JsonObject()
                .put("iss", origin + "/records/log/" + row.getString("agency"))
                .put("iat", row.getOffsetDateTime("destroyed").toEpochSecond())
                .put("record", row.getUUID("record").toString())
                .put("agency", row.getString("agency"))
                .put("type", row.getString("type"))
                .put("versions", row.getInteger("versions"))
                .put("ground", row.getString("ground"))
                .put(
                        "legal_basis",
                        new JsonObject().put("ko", row.getString("basis_ko")).put("en", row.getString("basis_en")))
                .put("destroyed", row.getOffsetDateTime("destroyed").toInstant().toString())
                .put("log_index", index)
                .put("entry", row.getString("entry"))
                .put("salt", HexFormat.of().formatHex(row.getBuffer("salt").getBytes()));
    }

    private Uni<Void> note(Row row, long index, String signed) {
        UUID record = row.getUUID("record");
        return pool.withTransaction(connection -> connection
                .preparedQuery(
                        "update destruction set told = now(), log_index = $2, certificate = $3 where record = $1 and"
                                + " told is null")
                .execute(Tuple.of(record, index, signed))
                .chain(updated -> updated.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : outbox.add(
                                connection,
                                List.of(Event.now(
                                        "record.shredded",
                                        record.toString(),
                                        new JsonObject()
                                                .put("record", record.toString())
                                                .put("agency", row.getString("agency"))
                                                .put("ground", row.getString("ground"))
                                                .put("log_index", index))))));
    }
}
