package city.madang.records.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.handover.HandoverStore;
import city.madang.kit.worker.OffLoop;
import city.madang.records.Loop;
import city.madang.records.RecordsConfig;
import city.madang.records.agencies.Seal;
import city.madang.records.agencies.Seals;
import city.madang.records.log.RecordLog;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes sealing jobs one by one. The job's row stays locked while the record is made, and goes in the transaction that
 * stores the record and queues its log entry: a crash at any point leaves either the job or the record, never both.
 */
@ApplicationScoped
public class SealingWorker {

    private static final Logger LOG = Logger.getLogger(SealingWorker.class);

    private static final Duration IDLE = Duration.ofMillis(150);

    /** How long a job waits for its agency's certificate, or after a failure, before it is looked at again. */
    private static final String AGAIN = "interval '2 seconds'";

    private final Pool pool;
    private final Seals seals;
    private final SealRecord sealRecord;
    private final RecordLog log;
    private final boolean enabled;
    private final Loop loop;

    SealingWorker(Pool pool, Seals seals, SealRecord sealRecord, RecordLog log, RecordsConfig config, Vertx vertx) {
        this.pool = pool;
        this.seals = seals;
        this.sealRecord = sealRecord;
        this.log = log;
        this.enabled = config.sealing().enabled();
        this.loop = new Loop("the sealing worker", vertx, IDLE, this::sealNext);
    }

    void start(@Observes StartupEvent started) {
        if (enabled) {
            loop.start();
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    /** The idempotency key of a record's entry in its log. */
    public static String logKey(UUID record, int version) {
        return "record/" + record + "/" + version;
    }

    /** Seals one record; whether there was a job. */
    Uni<Boolean> sealNext() {
        UUID[] taken = new UUID[1];
        return pool.withTransaction(connection -> connection
                        .query("select record, job from sealing_job where not_before <= now()"
                                + " order by not_before limit 1 for update skip locked")
                        .execute()
                        .chain(rows -> seal(connection, rows, taken)))
                .onFailure()
                .recoverWithUni(failure -> postpone(taken[0], failure));
    }

    private Uni<Boolean> seal(SqlConnection connection, RowSet<Row> rows, UUID[] taken) {
        if (rows.size() == 0) {
            return Uni.createFrom().item(false);
        }
        Row row = rows.iterator().next();
        taken[0] = row.getUUID("record");
        SealingJob job = SealingJob.of(row.getString("job"));
        return connection
                .preparedQuery("delete from sealing_job j using record r"
                        + " where j.record = $1 and r.application = j.application")
                .execute(Tuple.of(job.record()))
                .chain(sealedBefore -> sealedBefore.rowCount() > 0
                        ? Uni.createFrom().voidItem()
                        : seals.of(job.agency())
                                .chain(seal -> seal.isEmpty() ? await(connection, job) : seal(connection, job, seal)))
                .replaceWith(true);
    }

    private static Uni<Void> await(SqlConnection connection, SealingJob job) {
        return connection
                .preparedQuery("update sealing_job set not_before = now() + " + AGAIN + " where record = $1")
                .execute(Tuple.of(job.record()))
                .replaceWithVoid();
    }

    private Uni<Void> seal(SqlConnection connection, SealingJob job, Optional<Seal> seal) {
        return OffLoop.call(() -> sealRecord.make(job, seal.orElseThrow())).chain(made -> store(connection, made));
    }

    private Uni<Void> store(SqlConnection connection, SealRecord.Made made) {
        SealingJob job = made.job();
        HandoverStore.@Nullable Reference handover = made.handover();
        SealingJob.@Nullable Credential credential = job.credential();
        Tuple values = Tuple.tuple()
                .addUUID(job.record())
                .addUUID(job.application())
                .addString(job.agency())
                .addString(job.applicant())
                .addString(job.service())
                .addString(job.type())
                .addInteger(job.version())
                .addString(job.titleKo())
                .addString(job.titleEn())
                .addOffsetDateTime(made.issued().atOffset(ZoneOffset.UTC))
                .addOffsetDateTime(made.validUntil().atOffset(ZoneOffset.UTC))
                .addString(made.pdfSha256())
                .addString(made.kept().blob())
                .addBuffer(Buffer.buffer(made.kept().wrappedKey()))
                .addBuffer(Buffer.buffer(made.recordSalt()))
                .addBuffer(Buffer.buffer(made.documentSalt()))
                .addString(made.entry())
                .addValue(credential == null ? null : credential.id())
                .addValue(handover == null ? null : handover.id())
                .addValue(handover == null ? null : handover.sha256());
        return connection
                .preparedQuery("insert into record (id, application, agency, applicant, service, type, version,"
                        + " title_ko, title_en, issued, valid_until, pdf_sha256, blob, wrapped_key, record_salt,"
                        + " document_salt, entry, credential_id, handover_id, handover_sha256) values ($1, $2, $3, $4,"
                        + " $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)")
                .execute(values)
                .chain(() -> log.queue(
                        connection,
                        job.agency(),
                        logKey(job.record(), job.version()),
                        made.entry().getBytes(UTF_8)))
                .chain(() -> connection
                        .preparedQuery("delete from sealing_job where record = $1")
                        .execute(Tuple.of(job.record())))
                .replaceWithVoid();
    }

    /** A job that fails must not keep the others waiting. */
    private Uni<Boolean> postpone(@Nullable UUID record, Throwable failure) {
        if (record == null) {
            return Uni.createFrom().failure(failure);
        }
        LOG.errorf(failure, "record %s could not be sealed and will be tried again", record);
        return pool.preparedQuery("update sealing_job set attempts = attempts + 1, not_before = now() + " + AGAIN
                        + " * least(attempts + 1, 150) where record = $1")
                .execute(Tuple.of(record))
                .replaceWith(false);
    }
}
