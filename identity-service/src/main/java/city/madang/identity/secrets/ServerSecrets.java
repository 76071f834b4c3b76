package city.madang.identity.secrets;

import city.madang.identity.jose.ServerNonces;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.StreamSupport;

/** Keeps the secrets of server nonces in the database and, fresh, in memory. */
@ApplicationScoped
public class ServerSecrets {

    private static final int SECRET_BYTES = 32;

    /** How long a secret makes nonces; it is deleted after as long again, far beyond any nonce's lifetime. */
    private static final Duration USED_FOR = Duration.ofHours(24);

    /** A new secret waits so long, until every instance has read it. */
    private static final Duration KNOWN_AHEAD = Duration.ofMinutes(5);

    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    /** Any number of our own: instances that make a secret wait for each other. */
    private static final long LOCK = 0x6d6164616e67L;

    private final Pool pool;
    private volatile List<ServerNonces.Secret> known = List.of();

    ServerSecrets(Pool pool) {
        this.pool = pool;
    }

    @Produces
    @Singleton
    ServerNonces nonces() {
        return new ServerNonces(() -> known, InstantSource.system());
    }

    /** All that are known, also those that are to come and those that only read what they made. */
    public List<ServerNonces.Secret> known() {
        return known;
    }

    void load(@Observes @Priority(jakarta.interceptor.Interceptor.Priority.LIBRARY_BEFORE) StartupEvent started) {
        refresh().await().atMost(LONGEST_START);
    }

    @Scheduled(every = "1m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> refresh() {
        return pool.withTransaction(connection -> connection
                        .preparedQuery("select pg_advisory_xact_lock($1)")
                        .execute(Tuple.of(LOCK))
                        .chain(() -> rotate(connection))
                        .chain(() -> connection
                                .query("select id, secret, active_from from server_secret order by id")
                                .execute()))
                .invoke(rows -> known = StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new ServerNonces.Secret(
                                row.getLong("id").intValue(),
                                row.getBuffer("secret").getBytes(),
                                row.getOffsetDateTime("active_from").toInstant()))
                        .toList())
                .replaceWithVoid();
    }

    private static Uni<Void> rotate(SqlConnection connection) {
        byte[] fresh = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(fresh);
        return connection
                .preparedQuery("delete from server_secret where active_from < now() - make_interval(secs => $1)"
                        + " and active_from < (select max(active_from) from server_secret where active_from <= now())")
                .execute(Tuple.of((double) USED_FOR.multipliedBy(2).toSeconds()))
                .chain(() -> connection
                        .preparedQuery("insert into server_secret (secret, active_from)"
                                + " select $1, case when exists (select from server_secret)"
                                + " then now() + make_interval(secs => $2) else now() end"
                                + " where not exists (select from server_secret"
                                + " where active_from > now() - make_interval(secs => $3))")
                        .execute(Tuple.of(
                                io.vertx.core.buffer.Buffer.buffer(fresh), (double) KNOWN_AHEAD.toSeconds(), (double)
                                        USED_FOR.toSeconds())))
                .replaceWithVoid();
    }
}
