package city.madang.identity.authorization;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;

/** Deletes grants, tokens and requests that are over, and with them what is personal in them. */
@ApplicationScoped
public class AuthorizationCleaner {

    private final Pool pool;

    AuthorizationCleaner(Pool pool) {
        this.pool = pool;
    }

    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> clean() {
        return pool.query("delete from wallet_grant where expires_at <= now()")
                .execute()
                .chain(() -> pool.query("delete from access_token where expires_at <= now()")
                        .execute())
                .chain(() -> pool.query("delete from authorization_request where expires_at <= now()")
                        .execute())
                .replaceWithVoid();
    }
}
