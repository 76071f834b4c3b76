package city.madang.identity.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A renewal and a revocation of one entitlement at the same moment: whichever comes first, no valid copy is left. */
@QuarkusTest
class RevocationRaceTest {

    private static final String AGENCY = "race-office";

    @Inject
    Pool pool;

    @Inject
    Vertx vertx;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    StatusIndexes indexes;

    @Inject
    StatusChanges changes;

    @Inject
    Revocations revocations;

    @BeforeEach
    void registered() {
        run(
                "insert into agency (id, name_ko, name_en, registered) values ($1, 'a', 'a', now()) on conflict do nothing",
                AGENCY);
    }

    private void run(String sql, Object... values) {
        pool.preparedQuery(sql).execute(Tuple.from(values)).await().indefinitely();
    }

    private <T> CompletableFuture<T> onContext(Supplier<Uni<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
        VertxContextSafetyToggle.setContextSafe(context, true);
        context.runOnContext(begun -> work.get().subscribe().with(result::complete, result::completeExceptionally));
        return result;
    }

    private static final String INSERT = "insert into issuance (id, credential_type, agency, holder, grant_id, format,"
            + " holder_keys_sha256, status_list, status_indexes, issued_at, expires_at)"
            + " select %s, 'residency', '" + AGENCY
            + "', 'someone', %s, 'dc+sd-jwt', cast(gen_random_uuid() as text), %s,"
            + " array[cast(%s as int)], now(), now() + interval '1 year'";

    /** As issuance does it: ask, and if nothing stands against it, insert; in one transaction that takes its time. */
    private CompletableFuture<Boolean> renew(UUID grant, UUID id, StatusRef place, double seconds) {
        return onContext(() -> sessions.withTransaction(session -> revocations
                .isBlocked(session, grant, null, "residency")
                .chain(blocked -> blocked
                        ? Uni.createFrom().item(false)
                        : session.createNativeQuery(INSERT.formatted("?1", "?2", "?3", "?4") + " from pg_sleep(?5)")
                                .setParameter(1, id)
                                .setParameter(2, grant)
                                .setParameter(3, place.list())
                                .setParameter(4, place.index())
                                .setParameter(5, seconds)
                                .executeUpdate()
                                .replaceWith(true))));
    }

    private CompletableFuture<Void> revoke(UUID issuance) {
        Actor officer = new Actor("an-officer", "officer", AGENCY, null);
        return onContext(() -> changes.apply(
                new StatusChanges.Wish(issuance, IssuanceStatus.REVOKED, StatusReason.ENTITLEMENT_ENDED, null),
                officer));
    }

    @Test
    void no_valid_copy_is_left_whichever_comes_first() throws Exception {
        int renewed = 0;
        for (int round = 0; round < 24; round++) {
            UUID grant = UUID.randomUUID();
            List<StatusRef> places = indexes.allocate(AGENCY, 2, 3).await().indefinitely();
            UUID first = UUID.randomUUID();
            run(
                    INSERT.formatted("$1::uuid", "$2::uuid", "$3::uuid", "$4"),
                    first,
                    grant,
                    places.get(0).list(),
                    places.get(0).index());
            UUID second = UUID.randomUUID();
            UUID third = UUID.randomUUID();
            CompletableFuture<Void> revoked;
            CompletableFuture<Boolean> one;
            CompletableFuture<Boolean> other;
            if (round % 3 == 0) {
                revoked = revoke(first);
                one = renew(grant, second, places.get(1), 0.02);
                other = renew(grant, third, places.get(2), 0);
            } else {
                one = renew(grant, second, places.get(1), 0.05);
                Thread.sleep(round);
                revoked = revoke(first);
                other = renew(grant, third, places.get(2), 0.01);
            }
            revoked.get(20, TimeUnit.SECONDS);
            renewed += (one.get(20, TimeUnit.SECONDS) ? 1 : 0) + (other.get(20, TimeUnit.SECONDS) ? 1 : 0);
            assertEquals(Set.of("revoked"), statuses(grant), "round " + round);
            assertEquals(0, unmarked(grant), "round " + round);
            assertEquals(
                    false, renew(grant, UUID.randomUUID(), places.get(2), 0).get(20, TimeUnit.SECONDS));
        }
        assertTrue(renewed > 5, "the renewal came first in some rounds: " + renewed);
    }

    @Test
    void what_is_suspended_is_not_renewed_until_it_is_resumed_and_other_entitlements_never_wait() throws Exception {
        UUID grant = UUID.randomUUID();
        List<StatusRef> places = indexes.allocate(AGENCY, 2, 3).await().indefinitely();
        UUID first = UUID.randomUUID();
        run(
                INSERT.formatted("$1::uuid", "$2::uuid", "$3::uuid", "$4"),
                first,
                grant,
                places.get(0).list(),
                places.get(0).index());
        Actor officer = new Actor("an-officer", "officer", AGENCY, null);
        onContext(() -> changes.apply(
                        new StatusChanges.Wish(first, IssuanceStatus.SUSPENDED, StatusReason.UNDER_REVIEW, null),
                        officer))
                .get(20, TimeUnit.SECONDS);
        assertEquals(false, renew(grant, UUID.randomUUID(), places.get(1), 0).get(20, TimeUnit.SECONDS));
        assertEquals(
                true,
                renew(UUID.randomUUID(), UUID.randomUUID(), places.get(2), 0).get(20, TimeUnit.SECONDS));
        onContext(() -> changes.apply(
                        new StatusChanges.Wish(first, IssuanceStatus.VALID, StatusReason.REVIEW_CLOSED, null), officer))
                .get(20, TimeUnit.SECONDS);
        assertEquals(true, renew(grant, UUID.randomUUID(), places.get(1), 0).get(20, TimeUnit.SECONDS));
    }

    private Set<String> statuses(UUID grant) {
        return pool.preparedQuery("select distinct status from issuance where grant_id = $1")
                .execute(Tuple.of(grant))
                .map(rows -> {
                    Set<String> found = new java.util.HashSet<>();
                    rows.forEach(row -> found.add(row.getString("status")));
                    return found;
                })
                .await()
                .indefinitely();
    }

    /** Copies that their list does not call revoked. */
    private long unmarked(UUID grant) {
        return pool.preparedQuery("select count(*) from issuance i left join status_entry e on e.list = i.status_list"
                        + " and e.index = i.status_indexes[1] where i.grant_id = $1 and coalesce(e.value, 0) <> 1")
                .execute(Tuple.of(grant))
                .map(rows -> rows.iterator().next().getLong(0))
                .await()
                .indefinitely();
    }
}
