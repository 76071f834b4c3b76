package city.madang.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import city.madang.gateway.routing.Rate;
import city.madang.gateway.routing.RouteLimits.OnFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real Redis; left out, and reported so, where the machine has none. */
class RedisCountersTest {

    private static final long TIMEOUT_MILLIS = 2000;

    private static Vertx vertx;
    private static RedisProcess server;
    private static Redis redis;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(RedisProcess.program().isPresent(), "there is no redis-server on the PATH");
        vertx = Vertx.vertx();
        server = RedisProcess.start(RedisProcess.program().get(), RedisProcess.freePort());
        redis = RedisCounters.client(vertx, server.address());
    }

    @AfterAll
    static void stop() {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            server.close();
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static RedisCounters gateway() {
        return new RedisCounters(redis, TIMEOUT_MILLIS);
    }

    @Test
    void gateways_share_what_a_caller_has_left() {
        // slow enough that nothing comes back while the test runs
        Charge caller = new Charge("caller", "shared", new Rate(1, 100));
        List<Future<Standing>> asked = new ArrayList<>();
        RedisCounters one = gateway();
        RedisCounters other = gateway();
        for (int i = 0; i < 150; i++) {
            asked.add((i % 2 == 0 ? one : other).take(List.of(caller)));
        }
        long passed = asked.stream().filter(each -> await(each).passes()).count();
        assertTrue(passed >= 100 && passed < 110, "passed: " + passed);
        Standing refused = await(one.take(List.of(caller)));
        assertFalse(refused.passes());
        assertEquals(caller, refused.charge());
        assertTrue(refused.waitNanos() <= 1_000_000_000L, "waits " + refused.waitNanos());
    }

    @Test
    void a_request_that_one_bucket_refuses_is_taken_out_of_none() {
        Charge caller = new Charge("caller", "polite", new Rate(1, 10));
        Charge route = new Charge("route", "narrow", new Rate(1, 1));
        assertEquals(route, await(gateway().take(List.of(caller, route))).charge());
        for (int i = 0; i < 5; i++) {
            assertEquals(route, await(gateway().take(List.of(caller, route))).charge());
        }
        assertTrue(await(gateway().take(List.of(caller))).left() >= 8);
    }

    @Test
    void no_name_stands_in_redis_and_nothing_stays() {
        await(gateway().take(List.of(new Charge("caller", "address 203.0.113.9", new Rate(100, 10)))));
        assertTrue(await(gateway().first("proof of minji", 60_000)));
        assertFalse(await(gateway().first("proof of minji", 60_000)));

        List<String> keys = StreamSupport.stream(
                        await(redis.send(Request.cmd(Command.KEYS).arg("*"))).spliterator(), false)
                .map(Object::toString)
                .toList();
        assertFalse(keys.isEmpty());
        for (String key : keys) {
            assertTrue(key.matches("madang:gateway:[A-Za-z0-9_-]{43}"), key);
            assertTrue(await(redis.send(Request.cmd(Command.PTTL).arg(key))).toLong() != -1, key);
        }
    }

    @Test
    void while_redis_is_away_a_route_does_as_it_says_and_it_is_used_again_when_it_is_back() throws Exception {
        int port = RedisProcess.freePort();
        Charge caller = new Charge("caller", "someone", new Rate(1, 2));
        Redis client = RedisCounters.client(vertx, "redis://127.0.0.1:" + port);
        Limiter limiter = new Limiter(
                new MemoryCounters(100, System::nanoTime), Optional.of(new RedisCounters(client, TIMEOUT_MILLIS)));

        assertTrue(await(limiter.take(List.of(caller), OnFailure.CLOSED)).isEmpty());
        assertTrue(await(limiter.take(List.of(caller), OnFailure.OPEN))
                .orElseThrow()
                .passes());
        assertTrue(await(limiter.take(List.of(caller), OnFailure.OPEN))
                .orElseThrow()
                .passes());
        assertFalse(await(limiter.take(List.of(caller), OnFailure.OPEN))
                .orElseThrow()
                .passes());

        try (RedisProcess late = RedisProcess.start(RedisProcess.program().orElseThrow(), port)) {
            assertTrue(await(limiter.take(List.of(caller), OnFailure.CLOSED))
                    .orElseThrow()
                    .passes());
        }
    }
}
