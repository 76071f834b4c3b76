package city.madang.records.retention;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Destroys records whose time has passed, unless something holds them. Several processes may: each record is locked by one. */
@ApplicationScoped
public class Disposal {

    private static final Logger LOG = Logger.getLogger(Disposal.class);

    private static final int BATCH = 100;

    private static final Shredder.Order RETENTION = new Shredder.Order(
            "retention",
            "보존 기간 만료 (개인정보 보호법 제21조)",
            "End of the retention period (Personal Information Protection Act, article 21)",
            null);

    private final Pool pool;
    private final Shredder shredder;
    private final List<Shredding> kinds;
    private final AtomicLong overdue = new AtomicLong();

    Disposal(Pool pool, Shredder shredder, @All List<Shredding> kinds, MeterRegistry meters) {
        this.pool = pool;
        this.shredder = shredder;
        this.kinds = kinds;
        Gauge.builder("madang.records.disposal.overdue", overdue, AtomicLong::doubleValue)
                .description("Records whose time has passed and that the last disposal could not destroy")
                .register(meters);
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> run() {
        return disposeAll().replaceWithVoid();
    }

    /** Until a batch destroys nothing more; how many were destroyed. */
    Uni<Integer> disposeAll() {
        return disposeSome()
                .chain(destroyed ->
                        destroyed == 0 ? Uni.createFrom().item(0) : disposeAll().map(more -> destroyed + more));
    }

    private Uni<Integer> disposeSome() {
        return Multi.createFrom()
                .iterable(kinds)
                .onItem()
                .transformToUniAndConcatenate(kind -> kind.due(pool, BATCH))
                .onItem()
                .transformToMultiAndConcatenate(found -> Multi.createFrom().iterable(found))
                .onItem()
                .transformToUniAndConcatenate(record -> shredder.shred(null, record, RETENTION)
                        .map(result -> result instanceof Shredder.Result.Destroyed ? 1 : 0)
                        .onFailure()
                        .recoverWithItem(failure -> {
                            LOG.warnf(
                                    "a record could not be disposed of and will be tried again: %s",
                                    failure.getMessage());
                            return -1;
                        }))
                .collect()
                .asList()
                .map(results -> {
                    overdue.set(results.stream().filter(result -> result < 0).count());
                    return (int) results.stream().filter(result -> result > 0).count();
                });
    }
}
