package city.madang.kit.events;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;

/** Forgets events taken longer ago than Kafka keeps them, so that the inbox does not grow for ever. */
@ApplicationScoped
public class InboxCleaner {

    private final Pool pool;

    InboxCleaner(Pool pool) {
        this.pool = pool;
    }

    /** Thirty days, well above the topics' retention of seven. */
    @Scheduled(every = "6h", delayed = "10m")
    Uni<Void> forgetOld() {
        return pool.query("delete from inbox where taken < now() - interval '30 days'")
                .execute()
                .replaceWithVoid();
    }
}
