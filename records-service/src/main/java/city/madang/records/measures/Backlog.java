package city.madang.records.measures;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What waits in the database, and how large the logs are, read every few seconds. The database is the same for all processes of
 * the service, so each tells the same: take the maximum, never the sum.
 */
@ApplicationScoped
public class Backlog {

    private static final Logger LOG = Logger.getLogger(Backlog.class);

    private static final String APPLICATIONS = "select lower(state), count(*) from application"
            + " where state not in ('COMPLETED', 'REFUSED', 'WITHDRAWN', 'EXPIRED', 'FAILED') group by state";

    private static final String OVERDUE = "select agency, service, count(*) filter (where due < now()) from application"
            + " where state in ('DECIDING', 'ASKED') group by agency, service";

    private static final String LOGS = "select agency, size, size - greatest(published_size, 0) from log";

    /** How long a log that has grown since its last anchor has been without a new one. */
    private static final String ANCHORS =
            """
            select coalesce(max(extract(epoch from now() - coalesce(
                (select max(anchored) from anchor a where a.agency = l.agency),
                (select min(issued) from record r where r.agency = l.agency)))), 0)::float8
              from log l
             where l.published_size > coalesce((select max(size) from anchor a where a.agency = l.agency), 0)
            """;

    /** How far each witness is behind each log, and for how long it has not cosigned what is there. */
    private static final String WITNESSES =
            """
            select w.agency, w.witness, l.size - w.size,
                   case when w.size = l.size then 0
                        else extract(epoch from now() - coalesce(w.cosigned, w.failing, now())) end::float8
              from log_witness w join log l using (agency)
            """;

    private static final String WAITING =
            """
            select (select count(*) from sealing_job)::float8,
                   (select coalesce(extract(epoch from now() - min(created)), 0) from sealing_job)::float8,
                   (select count(*) from outbox)::float8,
                   (select coalesce(extract(epoch from now() - min(happened)), 0) from outbox)::float8,
                   (select count(*) from application where closed is not null and fee = 'PAID')::float8,
                   (select coalesce(extract(epoch from now() - min(closed)), 0) from application
                     where closed is not null and fee = 'PAID')::float8
            """;

    private final Pool pool;
    private final MeterRegistry meters;
    private final MultiGauge applications;
    private final MultiGauge overdue;
    private final MultiGauge logs;
    private final MultiGauge witnessesBehind;
    private final MultiGauge witnessesLag;
    private volatile Seen seen = new Seen(0, 0, 0, 0, 0, 0, 0, 0);

    /** Counts, and ages in seconds. */
    private record Seen(
            double sealing,
            double sealingOldest,
            double outbox,
            double outboxOldest,
            double feesOwed,
            double feesOwedOldest,
            double unpublished,
            double anchorBehind) {}

    Backlog(Pool pool, MeterRegistry meters) {
        this.pool = pool;
        this.meters = meters;
        this.applications = MultiGauge.builder("madang.records.applications")
                .description("Applications that have not ended, by the state of their saga")
                .register(meters);
        this.overdue = MultiGauge.builder("madang.records.applications.overdue")
                .description("Applications under review whose service level has passed")
                .register(meters);
        this.logs = MultiGauge.builder("madang.records.log.size")
                .description("Entries of an agency's log")
                .register(meters);
        this.witnessesBehind = MultiGauge.builder("madang.records.witness.behind")
                .description("Entries of an agency's log that a witness has not cosigned")
                .register(meters);
        this.witnessesLag = MultiGauge.builder("madang.records.witness.lag")
                .baseUnit("seconds")
                .description("Time since a witness last cosigned a log that has grown since")
                .register(meters);
    }

    void start(@Observes StartupEvent started) {
        gauge("madang.records.sealing.waiting", null, "Records that wait to be sealed", Seen::sealing);
        gauge(
                "madang.records.sealing.oldest",
                "seconds",
                "Age of the oldest record that waits to be sealed",
                Seen::sealingOldest);
        gauge("madang.records.outbox.waiting", null, "Events that Kafka has not acknowledged", Seen::outbox);
        gauge(
                "madang.records.outbox.oldest",
                "seconds",
                "Age of the oldest event that Kafka has not acknowledged",
                Seen::outboxOldest);
        gauge(
                "madang.records.fees.owed",
                null,
                "Applications that ended without a grant and whose fee has not gone back",
                Seen::feesOwed);
        gauge("madang.records.fees.owed.oldest", "seconds", "Age of the oldest of them", Seen::feesOwedOldest);
        gauge(
                "madang.records.log.unpublished",
                null,
                "Log entries that no checkpoint covers, over all logs",
                Seen::unpublished);
        gauge(
                "madang.records.anchor.behind",
                "seconds",
                "Time since the last anchor of a log that has grown since, the longest of all logs",
                Seen::anchorBehind);
    }

    private void gauge(String name, @Nullable String unit, String description, ToDoubleFunction<Seen> number) {
        Gauge.builder(name, this, backlog -> number.applyAsDouble(backlog.seen))
                .baseUnit(unit)
                .description(description)
                .register(meters);
    }

    /** Reads anew. A failure leaves the numbers as they were; the readiness check tells of the database. */
    @Scheduled(every = "15s", delayed = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return rows(APPLICATIONS)
                .invoke(found -> applications.register(
                        found.stream()
                                .map(row -> MultiGauge.Row.of(Tags.of("state", row.getString(0)), row.getLong(1)))
                                .<MultiGauge.Row<?>>map(row -> row)
                                .toList(),
                        true))
                .chain(() -> rows(WITNESSES))
                .invoke(found -> {
                    witnessesBehind.register(witnesses(found, row -> row.getLong(2)), true);
                    witnessesLag.register(witnesses(found, row -> row.getDouble(3)), true);
                })
                .chain(() -> rows(OVERDUE))
                .invoke(found -> overdue.register(
                        found.stream()
                                .map(row -> MultiGauge.Row.of(
                                        Tags.of("agency", row.getString(0), "service", row.getString(1)),
                                        row.getLong(2)))
                                .<MultiGauge.Row<?>>map(row -> row)
                                .toList(),
                        true))
                .chain(() -> rows(LOGS))
                .chain(found -> {
                    logs.register(
                            found.stream()
                                    .map(row -> MultiGauge.Row.of(Tags.of("agency", row.getString(0)), row.getLong(1)))
                                    .<MultiGauge.Row<?>>map(row -> row)
                                    .toList(),
                            true);
                    double unpublished =
                            found.stream().mapToLong(row -> row.getLong(2)).sum();
                    return rows(ANCHORS).chain(anchors -> rows(WAITING)
                            .invoke(waiting -> seen = new Seen(
                                    waiting.getFirst().getDouble(0),
                                    waiting.getFirst().getDouble(1),
                                    waiting.getFirst().getDouble(2),
                                    waiting.getFirst().getDouble(3),
                                    waiting.getFirst().getDouble(4),
                                    waiting.getFirst().getDouble(5),
                                    unpublished,
                                    anchors.getFirst().getDouble(0))));
                })
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.warnf("what waits could not be read: %s", failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private static List<MultiGauge.Row<?>> witnesses(List<Row> found, Function<Row, Number> number) {
        return found.stream()
                .<MultiGauge.Row<?>>map(row -> MultiGauge.Row.of(
                        Tags.of("agency", row.getString(0), "witness", row.getString(1)), number.apply(row)))
                .toList();
    }

    private Uni<List<Row>> rows(String sql) {
        return pool.query(sql).execute().map(set -> {
            Stream<Row> rows = StreamSupport.stream(set.spliterator(), false);
            return new ArrayList<>(rows.toList());
        });
    }
}
