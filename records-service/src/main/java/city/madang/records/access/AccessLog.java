package city.madang.records.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.log.RecordLog;
import city.madang.records.log.SaltedHash;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Writes accesses into the log of the agency that holds the record, and says when they stand there: under a published checkpoint, so that
 * nobody can take them out again unseen.
 */
@ApplicationScoped
public class AccessLog {

    private static final Logger LOG = Logger.getLogger(AccessLog.class);

    private static final Duration LOOK = Duration.ofMillis(40);

    private final Pool pool;
    private final RecordLog log;
    private final AccessSettings settings;
    private final Counter refused;

    AccessLog(Pool pool, RecordLog log, AccessSettings settings, MeterRegistry meters) {
        this.pool = pool;
        this.log = log;
        this.settings = settings;
        this.refused = Counter.builder("madang.records.releases.refused")
                .description("Releases that did not take place because their access could not be logged in time")
                .register(meters);
    }

    static String key(UUID access) {
        return "access/" + access;
    }

    /** The id of an access that stands in the log; a problem (503) if it does not get there in time. */
    Uni<UUID> enter(Held held, Reader reader, Grounds grounds) {
        UUID access = UUID.randomUUID();
        byte[] salt = SaltedHash.salt();
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String entry = AccessEntry.of(access, held, reader, grounds, salt, at);
        Tuple values = Tuple.tuple()
                .addUUID(access)
                .addString(held.agency())
                .addUUID(held.record())
                .addValue(held.owner())
                .addString(held.titleKo())
                .addString(held.titleEn())
                .addString(reader.kind())
                .addString(reader.subject())
                .addValue(reader.agency())
                .addValue(grounds.delegation())
                .addString(grounds.purposeKo())
                .addString(grounds.purposeEn())
                .addString(grounds.basisKo())
                .addString(grounds.basisEn())
                .addBoolean(grounds.breakGlass())
                .addOffsetDateTime(at.atOffset(ZoneOffset.UTC))
                .addValue(Buffer.buffer(salt))
                .addString(entry);
        return pool.withTransaction(connection -> connection
                        .preparedQuery("insert into access_entry (id, agency, record, owner, title_ko, title_en,"
                                + " reader_kind, reader, reader_agency, delegation, purpose_ko, purpose_en, basis_ko,"
                                + " basis_en, break_glass, at, salt, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
                                + " $10, $11, $12, $13, $14, $15, $16, $17, $18)")
                        .execute(values)
                        .chain(() -> log.queue(connection, held.agency(), key(access), entry.getBytes(UTF_8))))
                .chain(() -> published(held.agency(), access))
                .ifNoItem()
                .after(settings.logWait())
                .fail()
                .onFailure()
                .transform(failure -> {
                    refused.increment();
                    LOG.errorf("an access could not be logged, so nothing was released: %s", failure);
                    return CommonProblem.UNAVAILABLE.with(
                            "the access cannot be logged at the moment, and nothing is released before it is");
                })
                .replaceWith(access);
    }

    private Uni<Long> published(String agency, UUID access) {
        return log.publishedIndex(agency, key(access))
                .chain(index -> index.map(found -> Uni.createFrom().item(found)).orElseGet(() -> Uni.createFrom()
                        .nullItem()
                        .onItem()
                        .delayIt()
                        .by(LOOK)
                        .chain(() -> published(agency, access))));
    }

    /** A logged access of this reader to this record that still lets read. */
    Uni<Optional<UUID>> open(Reader reader, UUID record) {
        return pool.preparedQuery(
                        "select id, agency from access_entry where record = $1 and reader = $2 and"
                                + " reader_kind = $3 and reader_agency is not distinct from $4 and at > $5 order by at desc limit 1")
                .execute(Tuple.of(
                        record,
                        reader.subject(),
                        reader.kind(),
                        reader.agency(),
                        Instant.now().minus(settings.opens()).atOffset(ZoneOffset.UTC)))
                .chain(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().item(Optional.empty());
                    }
                    var row = rows.iterator().next();
                    UUID access = row.getUUID(0);
                    return log.publishedIndex(row.getString(1), key(access)).map(index -> index.map(found -> access));
                });
    }
}
