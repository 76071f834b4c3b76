package city.madang.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import city.madang.gateway.GatewayTestBase;
import city.madang.gateway.Upstreams;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Redis is stopped under load, for {@code -Dmadang.faults.outage-seconds}: routes go on or refuse as they say, and
 * it is used again by itself.
 */
@QuarkusTest
@TestProfile(RedisOutageTest.SharedLimits.class)
@QuarkusTestResource(Upstreams.class)
@Tag("faults")
class RedisOutageTest extends GatewayTestBase {

    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("madang.faults.outage-seconds", 3));
    private static final String OPEN = "GET /identity/echo HTTP/1.1";
    private static final String CLOSED = "GET /fragile/echo HTTP/1.1";

    @ConfigProperty(name = "madang.gateway.redis")
    URI redis;

    /** Limits in a Redis, without which one route goes on and another does not. */
    public static class SharedLimits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                return Map.of(
                        "madang.gateway.redis",
                        "redis://127.0.0.1:" + RedisProcess.freePort(),
                        "madang.gateway.routes.fragile.limits.on-failure",
                        "closed",
                        "madang.gateway.routes.fragile.limits.caller-per-second",
                        "5000",
                        "madang.gateway.routes.fragile.limits.caller-burst",
                        "100000");
            } catch (IOException none) {
                throw new UncheckedIOException(none);
            }
        }
    }

    @Test
    void a_route_does_as_it_says_while_redis_is_away_and_counts_there_again_when_it_is_back() throws Exception {
        Path program = RedisProcess.program().orElse(null);
        assumeTrue(program != null, "no redis-server on this machine");
        try (RedisProcess first = RedisProcess.start(program, redis.getPort())) {
            eventually(() -> caller.line(CLOSED).status() == 200);
            assertEquals(200, caller.line(OPEN).status());
        }
        eventually(() -> caller.line(CLOSED).status() == 503);
        int asked = 0;
        for (Instant end = Instant.now().plus(OUTAGE); Instant.now().isBefore(end); asked++) {
            assertEquals(200, caller.line(OPEN).status());
            assertProblem(caller.line(CLOSED), 503, "unchecked");
        }
        System.out.printf("Redis was away for %d s, %d requests of each route%n", OUTAGE.toSeconds(), asked);
        try (RedisProcess second = RedisProcess.start(program, redis.getPort())) {
            eventually(() -> caller.line(CLOSED).status() == 200);
            for (int i = 0; i < 100; i++) {
                assertEquals(200, caller.line(CLOSED).status());
            }
        }
    }
}
