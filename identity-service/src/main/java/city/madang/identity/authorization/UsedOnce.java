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
public class UsedOnce {

    /**
     * Gives a row if it is known what was used between {@code %2$s} and {@code %3$s}, which must not be past: what was used is
     * forgotten after that.
     */
    private static final String SINCE = "select from used_once_since where since <= %2$s and %3$s > clock_timestamp()";

    /**
     * Part of a statement that uses something up, a {@link Thing} of the parameters {@code %1$s} to {@code %3$s}: {@code once} has a
     * row if it is used now, if {@code %4$s}, a condition or nothing, allows it. What depends on {@code once} happens with it or not
     * at all.
     */
    public static final String USE = "since as (" + SINCE + "), once as (insert into used_once (sha256, expires_at)"
            + " select %1$s::text, %3$s::timestamptz from since %4$s on conflict do nothing returning 1)";

    /** Columns of a statement with {@link #USE}, read by {@link Use#of}. */
    public static final String USED = "exists (select from once) as first, exists (select from since) as known";

    /** The same columns of a statement that uses nothing up. */
    static final String UNUSED =
            "not exists (select from used_once where sha256 = %1$s) as first, exists (" + SINCE + ") as known";

    private static final String USE_ALONE = "with " + USE.formatted("$1", "$2", "$3", "") + " select " + USED;

    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    /** What can no longer be used is remembered a while longer, for a statement that began in time and is still under way. */
    private static final String FORGET = "delete from used_once where expires_at <= now() - interval '1 minute'";

    private final Pool pool;

    UsedOnce(Pool pool) {
        this.pool = pool;
    }

    /**
     * Something that may be used once.
     *
     * @param sha256 names it
     * @param from before this it cannot have been used
     * @param until after this it is no good anyway
     */
    public record Thing(String sha256, Instant from, Instant until) {

        /** As {@link #USE} wants it. */
        public void addTo(Tuple values) {
            values.addString(sha256)
                    .addOffsetDateTime(from.atOffset(ZoneOffset.UTC))
                    .addOffsetDateTime(until.atOffset(ZoneOffset.UTC));
        }
    }

    /** How it went with a use. */
    public enum Use {
        FIRST,
        AGAIN,
        /** It is too old, or the database forgot what was used before: it cannot be told from a replay. */
        FORGOTTEN;

        public static Use of(Row row) {
            if (!row.getBoolean("known")) {
                return FORGOTTEN;
            }
            return row.getBoolean("first") ? FIRST : AGAIN;
        }
    }

    void start(@Observes StartupEvent started) {
        remember().await().atMost(LONGEST_START);
    }

    /** Uses something up. */
    Uni<Use> use(Thing thing) {
        Tuple values = Tuple.tuple();
        thing.addTo(values);
        return pool.preparedQuery(USE_ALONE)
                .execute(values)
                .chain(rows -> told(Use.of(rows.iterator().next())));
    }

    /** What a statement told: if that was forgotten, it is remembered from now on. */
    Uni<Use> told(Use use) {
        return use == Use.FORGOTTEN
                ? remember().replaceWith(use)
                : Uni.createFrom().item(use);
    }

    /** Sets the time from which on it is known what was used, if the database has none or has lost it. */
    private Uni<Void> remember() {
        return pool.preparedQuery("insert into used_once_since (since) values ($1) on conflict do nothing")
                .execute(Tuple.of(Instant.now().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> forgetExpired() {
        return pool.query(FORGET).execute().replaceWithVoid();
    }
}
