package city.madang.payment.holds;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Ends holds by themselves, also while the chain is away: what was held never went there. */
@ApplicationScoped
public class HoldExpiry {

    private static final Logger LOG = Logger.getLogger(HoldExpiry.class);

    /** Holds that one transaction ends. */
    private static final int AT_ONCE = 200;

    private final Holds holds;

    HoldExpiry(Holds holds) {
        this.holds = holds;
    }

    @Scheduled(every = "${madang.holds.sweep-every:2s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> sweep() {
        return holds.expire(AT_ONCE)
                .chain(ended -> ended == AT_ONCE ? sweep() : Uni.createFrom().voidItem())
                .onFailure()
                .invoke(failed -> LOG.warnf("holds that are over wait for the next look: %s", failed.getMessage()))
                .onFailure()
                .recoverWithNull();
    }
}
