package city.madang.identity.issuance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What was used is remembered for as long as anyone may take it for fresh. */
@QuarkusTest
class UsedNoncesTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    @Inject
    Issuances issuances;

    @Test
    void a_nonce_is_remembered_a_while_longer_than_it_is_good() {
        String good = used("-10 minutes");
        String ended = used("30 seconds");
        String longAgo = used("2 minutes");
        issuances.forgetExpired().await().atMost(LONG);
        assertEquals(List.of(good, ended), left(good, ended, longAgo));
    }

    /** @param ago since when it has been no good */
    private String used(String ago) {
        String name = UUID.randomUUID().toString();
        pool.preparedQuery("insert into used_nonce (sha256, expires_at) values ($1, now() - $2::text::interval)")
                .execute(Tuple.of(name, ago))
                .await()
                .atMost(LONG);
        return name;
    }

    private List<String> left(String... names) {
        List<String> left = new ArrayList<>();
        for (String name : names) {
            if (pool.preparedQuery("select from used_nonce where sha256 = $1")
                            .execute(Tuple.of(name))
                            .await()
                            .atMost(LONG)
                            .size()
                    == 1) {
                left.add(name);
            }
        }
        return left;
    }
}
