package city.madang.bench.springcloudgateway;

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** A token bucket for each caller, in memory: the limiter that comes with it needs Redis, which would not be the same policy. */
@Component
class CallerLimit implements GlobalFilter {

    private static final long INTERVAL_NANOS = 10_000;
    private static final long BURST = 1_000_000;

    private final Map<String, AtomicLong> fullAgain = new ConcurrentHashMap<>();

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return exchange.getPrincipal().map(Principal::getName).flatMap(name -> {
            long now = System.nanoTime();
            long after = fullAgain
                    .computeIfAbsent(name, unknown -> new AtomicLong(now))
                    .updateAndGet(before -> Math.max(before, now) + INTERVAL_NANOS);
            if (after - now > INTERVAL_NANOS * BURST) {
                exchange.getResponse().setStatusCode(HttpStatus.TOO_MANY_REQUESTS);
                return exchange.getResponse().setComplete();
            }
            exchange.getResponse().getHeaders().set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
            exchange.getResponse().getHeaders().set("Referrer-Policy", "no-referrer");
            exchange.getResponse().getHeaders().set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
            return chain.filter(exchange);
        });
    }
}
