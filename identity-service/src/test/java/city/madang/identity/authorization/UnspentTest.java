package city.madang.identity.authorization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whoever leaves a proof unused does not get away with it, and what was used is not forgotten while it could be used. */
@QuarkusTest
class UnspentTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Inject
    UsedOnce usedOnce;

    @Inject
    Pool pool;

    private final UsedOnce.Thing proof = new UsedOnce.Thing(
            UUID.randomUUID().toString(),
            Instant.now().plusSeconds(1),
            Instant.now().plusSeconds(60));

    private Unspent request() {
        AccessGrant grant = new AccessGrant(UUID.randomUUID(), "minji", null, null, List.of(), null, Map.of());
        return new Unspent(new AccessTokens.Checked.Good(grant, "token"), proof, usedOnce);
    }

    private <T> T of(Uni<T> asked) {
        return asked.await().atMost(LONG);
    }

    private void assertSpent() {
        assertEquals(UsedOnce.Use.AGAIN, of(usedOnce.use(proof)));
    }

    @Test
    void work_that_forgets_to_use_up_the_proof_has_failed() {
        assertThrows(
                IllegalStateException.class,
                () -> of(request().mustBeSpent(() -> Uni.createFrom().item("answer"))));
        assertSpent();
    }

    @Test
    void work_that_fails_has_used_up_the_proof() {
        for (Supplier<Uni<String>> work : List.<Supplier<Uni<String>>>of(
                () -> Uni.createFrom().failure(new UnsupportedOperationException()), () -> {
                    throw new UnsupportedOperationException();
                })) {
            assertThrows(UnsupportedOperationException.class, () -> of(request().mustBeSpent(work)));
            assertSpent();
        }
    }

    @Test
    void work_that_uses_up_the_proof_is_answered() {
        Unspent request = request();
        assertEquals("answer", of(request.mustBeSpent(() -> request.spend().replaceWith("answer"))));
        assertSpent();
        assertInstanceOf(AccessTokens.Checked.Refused.class, of(request().spend()));
    }

    @Test
    void what_was_used_is_remembered_beyond_its_time_and_then_forgotten() {
        assertEquals(1, remembered(30));
        assertEquals(0, remembered(90));
    }

    private int remembered(int secondsPast) {
        String sha256 = UUID.randomUUID().toString();
        of(pool.preparedQuery("insert into used_once values ($1, $2)")
                .execute(
                        Tuple.of(sha256, Instant.now().minusSeconds(secondsPast).atOffset(ZoneOffset.UTC))));
        of(usedOnce.forgetExpired());
        return of(pool.preparedQuery("select 1 from used_once where sha256 = $1")
                        .execute(Tuple.of(sha256)))
                .size();
    }

    @Test
    void what_is_past_its_time_cannot_be_used() {
        Instant now = Instant.now();
        assertEquals(
                UsedOnce.Use.FORGOTTEN,
                of(usedOnce.use(new UsedOnce.Thing(UUID.randomUUID().toString(), now.plusSeconds(1), now))));
    }
}
