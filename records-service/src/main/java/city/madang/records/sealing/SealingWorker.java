package city.madang.records.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.handover.HandoverStore;
import city.madang.kit.worker.OffLoop;
import city.madang.records.Loop;
import city.madang.records.OnJvm;
import city.madang.records.RecordsConfig;
import city.madang.records.agencies.Seal;
import city.madang.records.agencies.Seals;
import city.madang.records.log.RecordLog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Seals what is queued, as many at once as there are lanes: one a core, of which as many run as there is work. A job is leased to one worker; no
 * connection is held while it is made. Storing the record, queueing its log entry and deleting the job under the lease is one
 * transaction, so a crash at any point leaves either the job or the record, never both, and of two workers at one job (the first one's lease has run
 * out) one stores nothing. Any number of processes share the queue.
 */
@OnJvm
@ApplicationScoped
public class SealingWorker {

    private static final Logger LOG = Logger.getLogger(SealingWorker.class);

    private static final Duration IDLE = Duration.ofMillis(150);

    /** Longer than a record takes, timestamp authority and all; a dead worker's jobs wait for as long. */
    private static final String LEASE = "interval '60 seconds'";

    private static final int PUT_OFF_TRIES = 4;

    /** How long a job waits for its agency's certificate, or after a failure, before it is looked at again. */
    private static final String AGAIN = "interval '2 seconds'";

    private final Pool pool;
    private final Seals seals;
    private final SealRecord sealRecord;
    private final RecordLog log;
    private final MeterRegistry meters;
    private final boolean enabled;
    private final int lanes;
    private final AtomicInteger busy = new AtomicInteger();
    private final Vertx vertx;
    private final Loop loop;
    private volatile boolean stopped;

    SealingWorker(
            Pool pool,
            Seals seals,
            SealRecord sealRecord,
            RecordLog log,
            MeterRegistry meters,
            RecordsConfig config,
            Vertx vertx) {
        this.pool = pool;
        this.seals = seals;
        this.sealRecord = sealRecord;
        this.log = log;
        this.meters = meters;
        this.enabled = config.sealing().enabled();
        this.lanes = config.sealing().concurrency().orElse(Runtime.getRuntime().availableProcessors());
        this.vertx = vertx;
        this.loop = new Loop("the sealing worker", vertx, IDLE, this::openLanes);
    }

    void start(@Observes StartupEvent started) {
        if (enabled) {
            Gauge.builder("madang.records.sealing.lanes", busy, AtomicInteger::get)
                    .description("Records that this process is sealing at the moment")
                    .register(meters);
            loop.start();
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        stopped = true;
        loop.stop();
    }

    /** The idempotency key of a record's entry in its log. */
    public static String logKey(UUID record, int version) {
        return "record/" + record + "/" + version;
    }

    /** A job that nobody else may take as long as the lease lasts. */
    record Claim(UUID lease, SealingJob job) {}

    /** Opens a lane for each job that is due, as far as lanes are free; whether there was one. */
    private Uni<Boolean> openLanes() {
        int free = lanes - busy.get();
        if (free <= 0) {
            return Uni.createFrom().item(false);
        }
        return claim(free).map(claims -> {
            for (Claim claim : claims) {
                busy.incrementAndGet();
                Loop.onContextOfItsOwn(vertx, () -> lane(claim));
            }
            return !claims.isEmpty();
        });
    }

    /** Seals one job after the other until none is due. */
    private Uni<Void> lane(Claim first) {
        return seal(first, WritePoint.Crash.NEVER)
                .chain(() -> stopped ? Uni.createFrom().item(List.<Claim>of()) : claim(1))
                .onFailure()
                .invoke(failure -> LOG.warnf("a sealing lane ends: %s", failure))
                .onFailure()
                .recoverWithItem(List.of())
                .invoke(next -> {
                    if (next.isEmpty()) {
                        busy.decrementAndGet();
                    } else {
                        Loop.onContextOfItsOwn(vertx, () -> lane(next.getFirst()));
                    }
                })
                .replaceWithVoid();
    }

    /** Leases up to {@code most} jobs that are due and that nobody else has. */
    Uni<List<Claim>> claim(int most) {
        UUID lease = UUID.randomUUID();
        return pool.preparedQuery("with due as materialized (select record from sealing_job where not_before <= now()"
                        + " and (leased_until is null or leased_until < now()) order by not_before limit $2"
                        + " for update skip locked)"
                        + " update sealing_job j set lease = $1, leased_until = now() + " + LEASE
                        + " from due where j.record = due.record returning j.job")
                .execute(Tuple.of(lease, most))
                .map(rows -> {
                    List<Claim> claims = new ArrayList<>();
                    rows.forEach(row -> claims.add(new Claim(lease, SealingJob.of(row.getString(0)))));
                    return claims;
                });
    }

    /** Seals a claimed job, or puts it off. A job that fails must not keep the others waiting. */
    Uni<Void> seal(Claim claim, WritePoint.Crash crash) {
        Timer.Sample began = Timer.start(meters);
        return dropIfSealed(claim)
                .chain(dropped -> dropped
                        ? Uni.createFrom().voidItem()
                        : seals.of(claim.job().agency())
                                .chain(seal -> seal.isEmpty()
                                        ? await(claim)
                                        : seal(claim, seal, crash).invoke(() -> stop(began, "sealed"))))
                .onFailure(failure -> !(failure instanceof WritePoint.Died))
                .recoverWithUni(failure -> {
                    stop(began, "failed");
                    return postpone(claim, failure);
                });
    }

    private void stop(Timer.Sample began, String outcome) {
        began.stop(Timer.builder("madang.records.sealing.time")
                .description("From claiming a job to its end")
                .tag("outcome", outcome)
                .register(meters));
    }

    /** An application has one record: a job for one that has it already is void. */
    private Uni<Boolean> dropIfSealed(Claim claim) {
        return pool.preparedQuery("delete from sealing_job j using record r"
                        + " where j.record = $1 and j.lease = $2 and r.application = j.application")
                .execute(Tuple.of(claim.job().record(), claim.lease()))
                .map(deleted -> deleted.rowCount() > 0);
    }

    private Uni<Void> await(Claim claim) {
        return pool.preparedQuery("update sealing_job set lease = null, leased_until = null, not_before = now() + "
                        + AGAIN + " where record = $1 and lease = $2")
                .execute(Tuple.of(claim.job().record(), claim.lease()))
                .replaceWithVoid();
    }

    private Uni<Void> seal(Claim claim, Optional<Seal> seal, WritePoint.Crash crash) {
        crash.at(WritePoint.CLAIMED);
        return OffLoop.call(() -> sealRecord.make(claim.job(), seal.orElseThrow(), crash))
                .chain(made -> pool.withTransaction(connection -> store(connection, claim, made, crash)))
                .invoke(() -> crash.at(WritePoint.COMMITTED));
    }

    private Uni<Void> store(SqlConnection connection, Claim claim, SealRecord.Made made, WritePoint.Crash crash) {
        SealingJob job = claim.job();
        return connection
                .preparedQuery("delete from sealing_job where record = $1 and lease = $2")
                .execute(Tuple.of(job.record(), claim.lease()))
                .chain(deleted -> {
                    if (deleted.rowCount() != 1) {
                        throw new LeaseLost(job.record());
                    }
                    crash.at(WritePoint.JOB_DELETED);
                    return insert(connection, made);
                })
                .invoke(() -> crash.at(WritePoint.RECORD_INSERTED))
                .chain(() -> log.queue(
                        connection,
                        job.agency(),
                        logKey(job.record(), job.version()),
                        made.entry().getBytes(UTF_8)))
                .invoke(() -> crash.at(WritePoint.ENTRY_QUEUED));
    }

    private static Uni<Void> insert(SqlConnection connection, SealRecord.Made made) {
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
                .addString(made.pdf().sha256())
                .addString(made.pdf().kept().blob())
                .addBuffer(Buffer.buffer(made.pdf().kept().wrappedKey()))
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
                .chain(() -> connection
                        .preparedQuery("insert into record_json (id, agency, sha256, blob, wrapped_key)"
                                + " values ($1, $2, $3, $4, $5)")
                        .execute(Tuple.tuple()
                                .addUUID(job.record())
                                .addString(job.agency())
                                .addString(made.json().sha256())
                                .addString(made.json().kept().blob())
                                .addBuffer(Buffer.buffer(made.json().kept().wrappedKey()))))
                .replaceWithVoid();
    }

    private Uni<Void> postpone(Claim claim, Throwable failure) {
        UUID record = claim.job().record();
        if (failure instanceof LeaseLost) {
            LOG.infof("record %s was sealed by another worker", record);
            return Uni.createFrom().voidItem();
        }
        LOG.errorf(failure, "record %s could not be sealed and will be tried again", record);
        return pool.preparedQuery("update sealing_job set attempts = attempts + 1, lease = null, leased_until = null,"
                        + " not_before = now() + " + AGAIN + " * least(attempts + 1, 150)"
                        + " where record = $1 and lease = $2")
                .execute(Tuple.of(record, claim.lease()))
                // the pool may still hold the connection that broke; without this the job waits for its lease to end
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(100))
                .atMost(PUT_OFF_TRIES)
                .replaceWithVoid();
    }

    /** Another worker has the job, or has done it. */
    private static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1;

        LeaseLost(UUID record) {
            super("the lease of " + record + " is over");
        }
    }
}
