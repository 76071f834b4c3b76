package city.madang.identity.offers;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;

/** Deletes what is personal or secret in offers that are over. */
@ApplicationScoped
public class OfferCleaner {

    private final Pool pool;

    OfferCleaner(Pool pool) {
        this.pool = pool;
    }

    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> clean() {
        return pool.query("update credential_offer set state = 'expired', claims = null"
                        + " where state in ('offered', 'redeemed') and expires_at <= now()")
                .execute()
                .replaceWithVoid();
    }
}
