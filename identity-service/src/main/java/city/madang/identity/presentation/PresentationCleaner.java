package city.madang.identity.presentation;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;

/** Destroys keys and disclosed claims that nobody fetched in time. */
@ApplicationScoped
public class PresentationCleaner {

    private final Pool pool;

    PresentationCleaner(Pool pool) {
        this.pool = pool;
    }

    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> clean() {
        return pool.query("update presentation set state = case state when 'requested' then 'expired' else state end,"
                        + " encryption_key = null, result = null"
                        + " where expires_at <= now() and (state = 'requested' or result is not null)")
                .execute()
                .replaceWithVoid();
    }
}
