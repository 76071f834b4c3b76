package city.madang.records.retention;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.records.log.CanonicalJson;
import city.madang.records.log.RecordLog;
import city.madang.records.log.SaltedHash;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Destroys a record in one transaction: wrapped keys and salts are gone, the log entry that says so is queued, the destruction is noted, or none of it.
 * What follows (ciphertext, certificate) is taken up from the rows that this leaves, as often as it takes.
 */
@ApplicationScoped
public class Shredder {

    private final Pool pool;
    private final RecordLog log;
    private final List<Shredding> kinds;

    Shredder(Pool pool, RecordLog log, @All List<Shredding> kinds) {
        this.pool = pool;
        this.log = log;
        this.kinds = kinds;
    }

    /**
     * Why it is destroyed.
     *
     * @param ground {@code retention} or {@code order}
     * @param orderedBy null if nobody ordered it
     */
    record Order(String ground, String basisKo, String basisEn, @Nullable String orderedBy) {}

    /** What became of it. */
    sealed interface Result {
        record Destroyed(UUID record) implements Result {}

        record Absent() implements Result {}

        record Held() implements Result {}

        record Retained(@Nullable Instant until) implements Result {}
    }

    /** @param agency whose record it must be; null for any */
    Uni<Result> shred(@Nullable String agency, UUID record, Order order) {
        return pool.withTransaction(connection -> Multi.createFrom()
                .iterable(kinds)
                .onItem()
                .transformToUniAndConcatenate(kind ->
                        kind.lock(connection, record).map(found -> found.map(candidate -> new Found(kind, candidate))))
                .filter(Optional::isPresent)
                .map(Optional::orElseThrow)
                .collect()
                .first()
                .chain(found -> found == null
                                || (agency != null
                                        && !found.candidate().agency().equals(agency))
                        ? Uni.createFrom().<Result>item(new Result.Absent())
                        : judge(connection, found, order)));
    }

    private record Found(Shredding kind, Shredding.Candidate candidate) {}

    private Uni<Result> judge(SqlConnection connection, Found found, Order order) {
        Shredding.Candidate candidate = found.candidate();
        boolean due =
                candidate.retainUntil() != null && !candidate.retainUntil().isAfter(Instant.now());
        if (!due && !(candidate.early() && order.ground().equals("order"))) {
            return Uni.createFrom().item(new Result.Retained(candidate.retainUntil()));
        }
        return connection
                .preparedQuery("select from legal_hold where record = $1 and released is null limit 1")
                .execute(Tuple.of(candidate.record()))
                .chain(holds -> holds.size() > 0
                        ? Uni.createFrom().<Result>item(new Result.Held())
                        : destroy(connection, found, order));
    }

    private Uni<Result> destroy(SqlConnection connection, Found found, Order order) {
        Shredding.Candidate candidate = found.candidate();
        byte[] salt = SaltedHash.salt();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String grounds = grounds(order.ground(), order.basisKo(), order.basisEn());
        String entry = CanonicalJson.of(new JsonObject()
                .put("type", "record.shredded")
                .put("record", SaltedHash.of(salt, candidate.record()))
                .put("grounds", SaltedHash.of(salt, grounds))
                .put("time", now.toString()));
        return found.kind()
                .shred(connection, candidate.record())
                .chain(() -> connection
                        .preparedQuery(
                                "insert into destruction (record, agency, type, versions, ground, basis_ko, basis_en,"
                                        + " ordered_by, destroyed, salt, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
                        .execute(Tuple.tuple()
                                .addUUID(candidate.record())
                                .addString(candidate.agency())
                                .addString(candidate.type())
                                .addInteger(candidate.versions())
                                .addString(order.ground())
                                .addString(order.basisKo())
                                .addString(order.basisEn())
                                .addValue(order.orderedBy())
                                .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                                .addValue(Buffer.buffer(salt))
                                .addString(entry)))
                .chain(() -> log.queue(connection, candidate.agency(), key(candidate.record()), entry.getBytes(UTF_8)))
                .replaceWith(new Result.Destroyed(candidate.record()));
    }

    static String key(UUID record) {
        return "shredded/" + record;
    }

    /** The text behind {@code grounds} of the entry. */
    static String grounds(String ground, String basisKo, String basisEn) {
        return CanonicalJson.of(new JsonObject()
                .put("ground", ground)
                .put("legal_basis", new JsonObject().put("ko", basisKo).put("en", basisEn)));
    }
}
