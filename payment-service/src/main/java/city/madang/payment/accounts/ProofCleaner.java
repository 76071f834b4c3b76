package city.madang.payment.accounts;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;

/** Forgets used key proofs that would be refused for their age anyway. */
@ApplicationScoped
public class ProofCleaner {

    private final Pool pool;

    ProofCleaner(Pool pool) {
        this.pool = pool;
    }

    /** An hour, well above the 300 seconds either way that a proof is taken. */
    @Scheduled(every = "10m", delayed = "10m")
    Uni<Void> forgetOld() {
        return pool.query("delete from account_proof where used < now() - interval '1 hour'")
                .execute()
                .replaceWithVoid();
    }
}
