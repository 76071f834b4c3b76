package city.madang.identity.presentation;

import city.madang.identity.settings.IdentitySettings;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Destroys keys and disclosed claims that nobody fetched in time, and forgets requests that ended long ago. */
@ApplicationScoped
public class PresentationCleaner {

    private final Pool pool;
    private final IdentitySettings settings;

    PresentationCleaner(Pool pool, IdentitySettings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> clean() {
        return pool.query("update presentation set state = case state when 'requested' then 'expired' else state end,"
                        + " encryption_key = null, transaction_data = null, dcql_query = '', result = null, response_code_sha256 = null"
                        + " where expires_at <= now() and (state = 'requested' or result is not null)")
                .execute()
                .chain(() -> pool.preparedQuery(
                                "delete from presentation where application is null and expires_at <= $1")
                        .execute(Tuple.of(OffsetDateTime.now(ZoneOffset.UTC)
                                .minus(settings.presentation().retention()))))
                .replaceWithVoid();
    }
}
