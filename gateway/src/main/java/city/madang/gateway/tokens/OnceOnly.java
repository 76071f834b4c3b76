package city.madang.gateway.tokens;

import city.madang.gateway.cache.Caches;
import com.github.benmanes.caffeine.cache.Cache;
import io.vertx.core.Future;
import java.time.Duration;

/** Remembers what may be used once. */
@FunctionalInterface
public interface OnceOnly {

    /** How long a proof has to be remembered: after that its {@code iat} is too old. */
    Duration REMEMBERED = Duration.ofSeconds(DpopProof.OLDEST_SECONDS + DpopProof.AHEAD_SECONDS);

    /**
     * Whether this is the first time within {@link #REMEMBERED}.
     *
     * @param name of the thing, of bounded length
     */
    Future<Boolean> first(String name);

    /** Remembers in this process alone; the oldest are forgotten when there are more than {@code most}. */
    static OnceOnly inMemory(int most) {
        Cache<String, Boolean> seen =
                Caches.bounded(most).expireAfterWrite(REMEMBERED).build();
        return name -> Future.succeededFuture(seen.asMap().putIfAbsent(name, true) == null);
    }
}
