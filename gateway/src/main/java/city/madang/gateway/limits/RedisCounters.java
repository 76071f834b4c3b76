package city.madang.gateway.limits;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Buckets that all gateways share, in Redis 7 or what speaks its protocol: the same algorithm as in {@link MemoryCounters}, in one script, by
 * Redis' own clock. Names of buckets are hashed, so that no address and no subject stands there. One server or one that fails over; a
 * cluster would spread the buckets of one request over its nodes.
 */
public final class RedisCounters {

    private static final String PREFIX = "madang:gateway:";

    private static final String SCRIPT =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local after = {}
            local answer = {0}
            for i = 1, #KEYS do
              local interval = tonumber(ARGV[2 * i - 1])
              local burst = tonumber(ARGV[2 * i])
              after[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now) + interval
              local room = interval * burst - (after[i] - now)
              if room < 0 then
                return {i, math.ceil(-room)}
              end
              answer[i + 1] = math.floor(room / interval)
            end
            for i = 1, #KEYS do
              redis.call('SET', KEYS[i], string.format('%.0f', after[i]), 'PX', math.ceil((after[i] - now) / 1000) + 1)
            end
            return answer
            """;

    private static final int CONNECTIONS = 32;
    private static final int WAITING = 4096;

    private final Redis redis;
    private final long timeoutMillis;

    /**
     * Counters in a Redis.
     *
     * @param timeoutMillis after which it counts as away
     */
    public RedisCounters(Redis redis, long timeoutMillis) {
        this.redis = redis;
        this.timeoutMillis = timeoutMillis;
    }

    /** A client of a Redis at an address such as {@code rediss://:secret@redis:6379}. */
    public static Redis client(Vertx vertx, String address) {
        return Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString(address)
                        .setMaxPoolSize(CONNECTIONS)
                        .setMaxPoolWaiting(WAITING));
    }

    /** Takes all charges or none; fails if Redis does not answer in time. */
    public Future<Standing> take(List<Charge> charges) {
        Request request = Request.cmd(Command.EVAL).arg(SCRIPT).arg(charges.size());
        charges.forEach(charge -> request.arg(PREFIX + hash(charge.bucket())));
        charges.forEach(charge -> request.arg(charge.rate().intervalNanos() / 1000.0)
                .arg(charge.rate().burst()));
        return redis.send(request)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .map(answer -> read(charges, Objects.requireNonNull(answer)));
    }

    /** Whether a name is said for the first time within so many milliseconds; fails if Redis does not answer in time. */
    public Future<Boolean> first(String name, long withinMillis) {
        return redis.send(Request.cmd(Command.SET)
                        .arg(PREFIX + hash(name))
                        .arg(1)
                        .arg("NX")
                        .arg("PX")
                        .arg(withinMillis))
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .map(answer -> answer != null);
    }

    private static Standing read(List<Charge> charges, Response answer) {
        int refused = (int) number(answer, 0);
        if (refused > 0) {
            return new Standing(
                    charges.get(refused - 1), 0, Math.max(1, TimeUnit.MICROSECONDS.toNanos(number(answer, 1))));
        }
        int nearest = 0;
        for (int i = 1; i < charges.size(); i++) {
            if (number(answer, i + 1) < number(answer, nearest + 1)) {
                nearest = i;
            }
        }
        return new Standing(charges.get(nearest), number(answer, nearest + 1), 0);
    }

    private static long number(Response answer, int at) {
        return Objects.requireNonNull(answer.get(at).toLong());
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("this Java has no SHA-256", broken);
        }
    }
}
