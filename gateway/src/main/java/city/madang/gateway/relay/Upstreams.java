package city.madang.gateway.relay;

import city.madang.gateway.routing.Route;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/** The services behind the gateway. Routes to the same address share one. */
public final class Upstreams {

    private static final Logger LOG = Logger.getLogger(Upstreams.class);

    private final Terms terms;
    private final CircuitBreakerConfig breaker;
    private final Map<URI, Upstream> all = new ConcurrentHashMap<>();

    /**
     * What holds for each.
     *
     * @param maxRequests under way
     * @param window requests that are looked at
     * @param least requests before anything is concluded from them
     * @param failurePercent of them from which on the service is left alone
     * @param rest how long
     * @param probes requests that are then let through to see whether it is back
     */
    public record Terms(int maxRequests, int window, int least, int failurePercent, Duration rest, int probes) {}

    /** Services under these terms. */
    public Upstreams(Terms terms) {
        this.terms = terms;
        this.breaker = CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(terms.window())
                .minimumNumberOfCalls(terms.least())
                .failureRateThreshold(terms.failurePercent())
                .waitDurationInOpenState(terms.rest())
                .permittedNumberOfCallsInHalfOpenState(terms.probes())
                // without a limit of time: where few callers come the probes take long to come together, and each of
                // them ends
                .maxWaitDurationInHalfOpenState(Duration.ZERO)
                .writableStackTraceEnabled(false)
                .build();
    }

    /** The service behind a route. */
    Upstream of(Route route) {
        Upstream known = all.get(route.upstream());
        return known != null ? known : all.computeIfAbsent(route.upstream(), address -> create(route.name()));
    }

    /** Whole seconds after which a caller may come back to a service that is left alone. */
    String retryAfter() {
        return Long.toString(Math.max(1, terms.rest().toSeconds()));
    }

    /** Shows each to somebody who counts, under the name of its first route. */
    public void watch(Iterable<Route> routes, BiConsumer<String, Gauges> counter) {
        for (Route route : routes) {
            if (!all.containsKey(route.upstream())) {
                Upstream upstream = of(route);
                counter.accept(route.name(), new Gauges(upstream));
            }
        }
    }

    /** Figures of one service. */
    public static final class Gauges {
        private final Upstream upstream;

        private Gauges(Upstream upstream) {
            this.upstream = upstream;
        }

        /** Requests under way. */
        public int underWay() {
            return upstream.underWay();
        }

        /** 1 while it is left alone, else 0. */
        public int resting() {
            return upstream.resting();
        }
    }

    private Upstream create(String name) {
        CircuitBreaker one = CircuitBreaker.of(name, breaker);
        one.getEventPublisher()
                .onStateTransition(event -> LOG.warnf(
                        "%s: %s → %s",
                        name,
                        event.getStateTransition().getFromState(),
                        event.getStateTransition().getToState()));
        return new Upstream(one, terms.maxRequests());
    }
}
