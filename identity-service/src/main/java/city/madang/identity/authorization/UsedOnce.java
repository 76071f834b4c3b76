package city.madang.identity.authorization;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Remembers, for all replicas, what was used and may not be used again while it could still be good. */
@Singleton
class UsedOnce {

    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    private final Pool pool;

    UsedOnce(Pool pool) {
        this.pool = pool;
    }

    enum Use {
        FIRST,
        AGAIN,
        /** The database forgot what was used before: what is as old as that cannot be told from a replay. */
        FORGOTTEN
    }

    void start(@Observes StartupEvent started) {
        remember().await().atMost(LONGEST_START);
    }

    /**
     * Uses something up.
     *
     * @param sha256 names it
     * @param from before this it cannot have been used
     * @param until after this it is no good anyway
     */
    Uni<Use> use(String sha256, Instant from, Instant until) {
        return pool.preparedQuery("with since as (select from used_once_since where since <= $3),"
                        + " once as (insert into used_once (sha256, expires_at) select $1::text, $2::timestamptz from since"
                        + " on conflict do nothing returning 1)"
                        + " select exists (select from once) as first, exists (select from since) as known")
                .execute(Tuple.of(sha256, until.atOffset(ZoneOffset.UTC), from.atOffset(ZoneOffset.UTC)))
                .chain(rows -> {
                    Row row = rows.iterator().next();
                    if (row.getBoolean("known")) {
                        return Uni.createFrom().item(row.getBoolean("first") ? Use.FIRST : Use.AGAIN);
                    }
                    return remember().replaceWith(Use.FORGOTTEN);
                });
    }

    /** Sets the time from which on it is known what was used, if the database has none or has lost it. */
    Uni<Void> remember() {
        return pool.preparedQuery("insert into used_once_since (since) values ($1) on conflict do nothing")
                .execute(Tuple.of(Instant.now().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> forgetExpired() {
        return pool.query("delete from used_once where expires_at <= now()")
                .execute()
                .replaceWithVoid();
    }
}
