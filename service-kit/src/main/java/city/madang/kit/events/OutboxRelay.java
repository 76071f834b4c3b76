package city.madang.kit.events;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries outbox rows to Kafka in the order in which they were written.
 *
 * <p>One relay at a time: the transaction that reads rows holds an advisory lock, and deletes them only after the broker
 * has acknowledged every one. A crash in between repeats events, which the readers' inbox absorbs; it never loses one.
 */
@ApplicationScoped
public class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    private static final String CHANNEL = "events-out";

    /** Rows carried in one transaction. */
    static final int BATCH = 500;

    /** How long it waits after it has carried all that there was: what comes meanwhile goes together. */
    private static final Duration GATHER = Duration.ofMillis(50);

    /** How long it waits after a failure of the database or the broker. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** Key of the advisory lock, the same in every service: each has a database of its own. */
    private static final long LOCK = 0x6d6164616e67L;

    /**
     * Takes the lock, and looks which transactions are under way. Rows are found by their index, whatever is thought of a table that was
     * empty when it was last looked at: a scan would read all rows that were deleted and not yet cleared away. The commit is not waited
     * for on disk: a deletion that is lost repeats events, as every crash may.
     */
    private static final String LOCK_AND_LOOK = "select pg_try_advisory_xact_lock(" + LOCK + "),"
            + " pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint,"
            + " set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),"
            + " set_config('synchronous_commit', 'off', true) from pg_current_snapshot() now";

    private final Floor floor = new Floor(System.nanoTime());
    private final Pool pool;
    private final KafkaClientService clients;
    private final String topic;
    private final String source;
    private volatile @Nullable Cancellable running;
    private volatile boolean stopped;

    OutboxRelay(
            Pool pool,
            // it is what makes the channel, whose producer this uses
            @Channel(CHANNEL) MutinyEmitter<byte[]> events,
            KafkaClientService clients,
            @ConfigProperty(name = "mp.messaging.outgoing." + CHANNEL + ".topic") String topic,
            @ConfigProperty(name = "quarkus.application.name") String application) {
        this.pool = pool;
        this.clients = clients;
        this.topic = topic;
        this.source = "/" + application;
    }

    void start(@Observes StartupEvent started) {
        next(Duration.ZERO);
    }

    void stop(@Observes ShutdownEvent stopping) {
        stopped = true;
        Cancellable current = running;
        if (current != null) {
            current.cancel();
        }
    }

    private void next(Duration delay) {
        if (stopped) {
            return;
        }
        Uni<Integer> turn = delay.isZero()
                ? carry()
                : Uni.createFrom().voidItem().onItem().delayIt().by(delay).chain(this::carry);
        running = turn.runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .subscribe()
                .with(carried -> next(carried < BATCH ? GATHER : Duration.ZERO), failure -> {
                    if (!stopped) {
                        LOG.warnf("events wait in the outbox: %s", failure.getMessage());
                    }
                    next(AFTER_FAILURE);
                });
    }

    /**
     * What a turn did.
     *
     * @param then transactions before it read
     * @param rows how many it carried
     * @param highest position of them, 0 for none
     */
    private record Turn(Floor.Transactions then, int rows, long highest) {}

    /** One turn; how many rows it carried. */
    private Uni<Integer> carry() {
        long begun = System.nanoTime();
        return pool.withTransaction(connection -> connection
                        .preparedQuery(LOCK_AND_LOOK)
                        .execute()
                        .map(rows -> rows.iterator().next())
                        .chain(row -> row.getBoolean(0)
                                ? carryLocked(connection, new Floor.Transactions(row.getLong(1), row.getLong(2), begun))
                                : Uni.createFrom().nullItem()))
                .map(this::ended);
    }

    /** @param turn null if another relay has the lock */
    private int ended(@Nullable Turn turn) {
        if (turn == null) {
            return 0;
        }
        floor.turned(turn.then(), turn.highest(), turn.rows() < BATCH, System.nanoTime());
        return turn.rows();
    }

    private Uni<Turn> carryLocked(SqlConnection connection, Floor.Transactions then) {
        return connection
                .preparedQuery("select position, id, type, subject, happened, data, traceparent from outbox"
                        + " where position > $1 order by position limit $2")
                .execute(Tuple.of(floor.from(then.seenNanos()), BATCH))
                .chain(rows -> {
                    List<Long> positions = new ArrayList<>();
                    rows.forEach(row -> positions.add(row.getLong("position")));
                    long highest = positions.isEmpty() ? 0 : positions.getLast();
                    return (positions.isEmpty() ? Uni.createFrom().voidItem() : publish(connection, rows, positions))
                            .replaceWith(new Turn(then, positions.size(), highest));
                });
    }

    private Uni<Void> publish(SqlConnection connection, RowSet<Row> rows, List<Long> positions) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        rows.forEach(row -> records.add(record(row)));
        return send(records)
                .chain(() -> connection
                        .preparedQuery("delete from outbox where position = any($1)")
                        .execute(Tuple.of(positions.toArray(Long[]::new))))
                .replaceWithVoid();
    }

    /**
     * Sends these in their order; done when the broker has acknowledged all. They are handed to the channel's producer together: a message of
     * the channel for each took most of what carrying it cost.
     */
    private Uni<Void> send(List<ProducerRecord<String, byte[]>> records) {
        return clients.<String, byte[]>getProducer(CHANNEL)
                .runOnSendingThread(producer -> {
                    Acknowledgements all = new Acknowledgements(records.size());
                    for (ProducerRecord<String, byte[]> record : records) {
                        if (all.haveFailed()) {
                            break; // with no broker there each would be waited for
                        }
                        producer.send(record, all);
                    }
                    return all.done();
                })
                .chain(done -> Uni.createFrom().completionStage(done));
    }

    private ProducerRecord<String, byte[]> record(Row row) {
        RecordHeaders headers = new RecordHeaders();
        header(headers, "ce_specversion", "1.0");
        header(headers, "ce_id", row.getUUID("id").toString());
        header(headers, "ce_source", source);
        header(headers, "ce_type", row.getString("type"));
        header(headers, "ce_subject", row.getString("subject"));
        header(
                headers,
                "ce_time",
                DateTimeFormatter.ISO_INSTANT.format(
                        row.getOffsetDateTime("happened").toInstant()));
        @Nullable String traceparent = row.getString("traceparent");
        if (traceparent != null) {
            header(headers, "ce_traceparent", traceparent);
        }
        header(headers, "content-type", "application/json");
        return new ProducerRecord<>(
                topic, null, row.getString("subject"), row.getString("data").getBytes(StandardCharsets.UTF_8), headers);
    }

    private static void header(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
