package city.madang.records.access;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;

/** Forgets accesses, with the salts of their log entries, and delegations, when they have been kept long enough. */
@ApplicationScoped
public class OldAccesses {

    private final Pool pool;
    private final AccessSettings settings;

    OldAccesses(Pool pool, AccessSettings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    @Scheduled(every = "6h", delayed = "15m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> forget() {
        Tuple before = Tuple.of(Instant.now().minus(settings.keep()).atOffset(ZoneOffset.UTC));
        return pool.preparedQuery("delete from access_entry where at < $1 and told is not null")
                .execute(before)
                .chain(() -> pool.preparedQuery("delete from delegation where least(expires, revoked) < $1")
                        .execute(before))
                .replaceWithVoid();
    }
}
