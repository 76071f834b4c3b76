package city.madang.gateway.limits;

import city.madang.gateway.routing.RouteLimits;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Counts requests, shared with the other gateways where Redis is configured, and by itself otherwise. */
public final class Limiter {

    private static final Logger LOG = Logger.getLogger(Limiter.class);

    private final MemoryCounters own;
    private final Optional<RedisCounters> shared;
    private volatile boolean away;

    /** A limiter. */
    public Limiter(MemoryCounters own, Optional<RedisCounters> shared) {
        this.own = own;
        this.shared = shared;
    }

    /** Takes a request out of all its buckets, or out of none; empty if that can't be counted and the route then lets nothing pass. */
    public Future<Optional<Standing>> take(List<Charge> charges, RouteLimits.OnFailure onFailure) {
        if (shared.isEmpty()) {
            return Future.succeededFuture(Optional.of(own.take(charges)));
        }
        return shared.get().take(charges).transform(asked -> {
            note(asked.cause());
            if (asked.succeeded()) {
                return Future.succeededFuture(Optional.of(asked.result()));
            }
            return Future.succeededFuture(
                    onFailure == RouteLimits.OnFailure.OPEN ? Optional.of(own.take(charges)) : Optional.empty());
        });
    }

    /** Buckets that concern this process alone. */
    public MemoryCounters own() {
        return own;
    }

    /** One line when Redis goes, one when it comes back. */
    private void note(@Nullable Throwable failure) {
        if ((failure != null) != away) {
            away = failure != null;
            if (failure != null) {
                LOG.warnf("The shared counters can't be asked: %s", failure);
            } else {
                LOG.info("The shared counters answer again");
            }
        }
    }
}
