package city.madang.gateway.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import city.madang.gateway.TestIssuer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {

    private final TestIssuer first = new TestIssuer("first");
    private final TestIssuer second = new TestIssuer("second");
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong seconds = new AtomicLong(Instant.now().getEpochSecond());
    private Future<String> keySet = Future.succeededFuture(first.keySet());

    private final TokenVerifier verifier = new TokenVerifier(
            new TokenVerifier.Terms(TestIssuer.ISSUER, TestIssuer.AUDIENCE, Set.of("ES256"), 5, 100),
            () -> Instant.ofEpochSecond(seconds.get()),
            nanos::get,
            () -> {
                fetches.incrementAndGet();
                return keySet;
            });

    private TokenVerifier.Verdict verify(String token) {
        return verifier.verify(token).result();
    }

    private void good(String token) {
        assertInstanceOf(TokenVerifier.Verdict.Good.class, verify(token));
    }

    private void bad(String token) {
        assertInstanceOf(TokenVerifier.Verdict.Bad.class, verify(token));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void keys_are_fetched_once_and_not_for_every_name_that_somebody_makes_up() {
        good(first.token());
        good(first.token());
        for (int i = 0; i < 50; i++) {
            bad(new TestIssuer("made-up-" + i).token());
        }
        assertEquals(1, fetches.get());
        pass(SigningKeys.BETWEEN_FETCHES);
        for (int i = 0; i < 50; i++) {
            bad(new TestIssuer("made-up-" + i).token());
        }
        assertEquals(2, fetches.get());
    }

    @Test
    void a_new_key_is_found_and_one_that_was_withdrawn_stops_counting() {
        String old = first.token();
        good(old);
        keySet = Future.succeededFuture(second.keySet());
        pass(SigningKeys.BETWEEN_FETCHES);

        good(second.token());

        // also the token that was remembered
        bad(old);
        bad(first.token());
    }

    @Test
    void keys_grow_old() {
        good(first.token());
        keySet = Future.succeededFuture(second.keySet());
        pass(SigningKeys.KEPT);
        good(first.token());
        assertEquals(2, fetches.get());
        bad(first.token());
    }

    @Test
    void while_the_keys_can_not_be_fetched_nobody_knows_but_those_that_are_known_count() {
        keySet = Future.failedFuture("away");
        assertInstanceOf(TokenVerifier.Verdict.Unknown.class, verify(first.token()));
        assertInstanceOf(TokenVerifier.Verdict.Unknown.class, verify(first.token()));
        assertEquals(1, fetches.get());
        pass(SigningKeys.AFTER_FAILURE);
        keySet = Future.succeededFuture(first.keySet());
        good(first.token());
        keySet = Future.failedFuture("away again");
        pass(SigningKeys.KEPT);
        good(first.token());
        good(first.token());
    }

    @Test
    void a_remembered_token_expires() {
        String token = first.token(claims -> claims.expirationTime(
                Date.from(Instant.ofEpochSecond(seconds.get()).plusSeconds(60))));
        good(token);
        seconds.addAndGet(64);
        good(token);
        seconds.addAndGet(1);
        bad(token);
        bad(token);
    }

    @Test
    void a_key_set_that_can_not_be_read_changes_nothing() {
        good(first.token());
        keySet = Future.succeededFuture("<html>");
        pass(SigningKeys.KEPT);
        good(first.token());
        good(first.token());
    }
}
