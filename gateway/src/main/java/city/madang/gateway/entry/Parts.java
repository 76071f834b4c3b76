package city.madang.gateway.entry;

import city.madang.gateway.fetch.Fetch;
import city.madang.gateway.limits.Limiter;
import city.madang.gateway.limits.MemoryCounters;
import city.madang.gateway.limits.RedisCounters;
import city.madang.gateway.relay.Upstreams;
import city.madang.gateway.routing.Rate;
import city.madang.gateway.tokens.OnceOnly;
import city.madang.gateway.tokens.TokenCheck;
import city.madang.gateway.tokens.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/** Parts of the entry, made from its configuration. */
final class Parts {

    /** Bytes of Keycloak's key set. */
    private static final int MAX_KEY_SET = 256 * 1024;

    /** Proofs that are remembered in a process. */
    private static final int MAX_PROOFS = 200_000;

    private Parts() {}

    static Upstreams.Terms upstreamTerms(GatewaySettings.Upstream upstream) {
        GatewaySettings.Breaker breaker = upstream.breaker();
        return new Upstreams.Terms(
                upstream.maxRequests(),
                breaker.window(),
                breaker.least(),
                breaker.failurePercent(),
                breaker.rest(),
                breaker.probes());
    }

    static Admission admission(Vertx vertx, URI origin, GatewaySettings settings, Fetch fetch, Optional<Redis> redis) {
        GatewaySettings.Limits limits = settings.limits();
        GatewaySettings.Token token = settings.token();
        Optional<RedisCounters> shared = redis.map(
                client -> new RedisCounters(client, limits.counterTimeout().toMillis()));
        TokenVerifier verifier = new TokenVerifier(
                new TokenVerifier.Terms(
                        token.issuer().toString(),
                        token.audience(),
                        token.algorithms(),
                        Math.toIntExact(token.leeway().toSeconds()),
                        token.remembered()),
                InstantSource.system(),
                System::nanoTime,
                () -> fetch.json(token.keys(), MAX_KEY_SET).map(Object::toString));
        return new Admission(
                vertx,
                origin,
                new TokenCheck(verifier, proofs(shared)),
                new Limiter(new MemoryCounters(limits.maxCounted(), System::nanoTime), shared),
                new Rate(limits.refusedTokensPerSecond(), limits.refusedTokensBurst()),
                settings.agencies().boundTokensOnly());
    }

    /** A proof is used once at this gateway in any case, and at all of them while Redis answers. */
    private static OnceOnly proofs(Optional<RedisCounters> shared) {
        OnceOnly here = OnceOnly.inMemory(MAX_PROOFS);
        return shared.<OnceOnly>map(redis -> name -> here.first(name)
                        .compose(first -> first
                                ? redis.first("proof " + name, OnceOnly.REMEMBERED.toMillis())
                                        .otherwise(true)
                                : Future.succeededFuture(false)))
                .orElse(here);
    }
}
