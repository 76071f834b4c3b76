package city.madang.identity.status;

import city.madang.identity.problem.IdentityProblem;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Revokes, suspends and resumes: in the issuance, in its status list, in the history and as an event, all or nothing. */
@ApplicationScoped
class StatusChanges {

    private final Pool pool;
    private final Outbox outbox;

    StatusChanges(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** @param note free text, for the agency alone */
    record Wish(UUID issuance, IssuanceStatus status, StatusReason reason, @Nullable String note) {}

    /**
     * Brings the issuance, and all others from the same entitlement (its renewals), to the status. Those that have it are left alone,
     * so that the same wish twice has one effect.
     */
    Uni<Void> apply(Wish wish, Actor by) {
        return pool.withTransaction(connection -> apply(connection, wish, by));
    }

    /** The same within a transaction. */
    Uni<Void> apply(SqlConnection connection, Wish wish, Actor by) {
        return connection
                .preparedQuery(Issuance.SELECT + "where id = $1")
                .execute(Tuple.of(wish.issuance()))
                .chain(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("there is no such credential");
                    }
                    Issuance seen = Issuance.of(rows.iterator().next());
                    allow(wish, seen, by);
                    return connection
                            .preparedQuery(Revocations.LOCK.formatted("$1"))
                            .execute(Tuple.of(Revocations.lockName(seen.entitlement(), seen.credentialType())))
                            .chain(() -> ofEntitlement(connection, seen))
                            .chain(all -> change(connection, wish, by, all));
                });
    }

    private static void allow(Wish wish, Issuance issuance, Actor by) {
        if (!by.maySee(issuance)) {
            throw CommonProblem.NOT_FOUND.with("there is no such credential");
        }
        if (!by.isIssuerOf(issuance) && (wish.status() != IssuanceStatus.REVOKED || wish.note() != null)) {
            throw CommonProblem.NOT_ALLOWED.with("a holder can revoke a credential, and leaves no note");
        }
    }

    private static Uni<List<Issuance>> ofEntitlement(SqlConnection connection, Issuance one) {
        return connection
                .preparedQuery(Issuance.SELECT + "where credential_type = $1 and " + Revocations.ENTITLEMENT
                        + " = $2 order by id for update")
                .execute(Tuple.of(one.credentialType(), one.entitlement()))
                .map(rows -> {
                    List<Issuance> all = new ArrayList<>(rows.size());
                    rows.forEach(row -> all.add(Issuance.of(row)));
                    return all;
                });
    }

    private Uni<Void> change(SqlConnection connection, Wish wish, Actor by, List<Issuance> all) {
        Issuance named = all.stream()
                .filter(issuance -> issuance.id().equals(wish.issuance()))
                .findFirst()
                .orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such credential"));
        if (named.status() == wish.status()) {
            return Uni.createFrom().voidItem();
        }
        if (named.status() == IssuanceStatus.REVOKED) {
            throw IdentityProblem.CREDENTIAL_REVOKED.with("a revoked credential stays revoked");
        }
        if (named.list() == null) {
            throw IdentityProblem.STATUS_NOT_SUPPORTED.with("credentials of this type are in no status list");
        }
        List<Issuance> changed = all.stream()
                .filter(issuance -> issuance.status() != wish.status()
                        && issuance.status() != IssuanceStatus.REVOKED
                        && issuance.list() != null)
                .toList();
        // in the order of their ids, so that two transactions never wait for each other's list
        Map<UUID, List<Integer>> indexes = new TreeMap<>();
        for (Issuance issuance : changed) {
            indexes.computeIfAbsent(issuance.list(), none -> new ArrayList<>()).addAll(issuance.indexes());
        }
        return Multi.createFrom()
                .iterable(indexes.entrySet())
                .onItem()
                .transformToUniAndConcatenate(list -> enter(connection, list.getKey(), list.getValue(), wish.status()))
                .collect()
                .last()
                .chain(() -> keep(connection, wish, by, changed))
                .chain(() -> outbox.add(
                        connection,
                        changed.stream().map(issuance -> event(wish, issuance)).toList()));
    }

    /** The list's row stays locked until the commit: its changes are committed in the order of their versions. */
    private static Uni<Void> enter(SqlConnection connection, UUID list, List<Integer> indexes, IssuanceStatus status) {
        return connection
                .preparedQuery("update status_list set version = version + 1 where id = $1 returning bits, version")
                .execute(Tuple.of(list))
                .chain(rows -> {
                    var row = rows.iterator().next();
                    if (!status.fits(row.getInteger("bits"))) {
                        throw IdentityProblem.STATUS_NOT_SUPPORTED.with(
                                "credentials of this type can be revoked, but not suspended");
                    }
                    return connection
                            .preparedQuery("insert into status_entry (list, index, value, version)"
                                    + " select $1, unnest($2::int[]), $3, $4 on conflict (list, index)"
                                    + " do update set value = excluded.value, version = excluded.version")
                            .execute(Tuple.of(
                                    list, indexes.toArray(Integer[]::new), status.value(), row.getLong("version")));
                })
                .replaceWithVoid();
    }

    private static Uni<Void> keep(SqlConnection connection, Wish wish, Actor by, List<Issuance> changed) {
        var now = Instant.now().atOffset(ZoneOffset.UTC);
        List<Tuple> history = changed.stream()
                .map(issuance -> Tuple.from(new Object[] {
                    issuance.id(),
                    wish.status().text(),
                    wish.reason().text(),
                    wish.note(),
                    by.subject(),
                    by.roleTowards(issuance),
                    now
                }))
                .toList();
        return connection
                .preparedQuery("update issuance set status = $2 where id = any($1)")
                .execute(Tuple.of(
                        changed.stream().map(Issuance::id).toArray(UUID[]::new),
                        wish.status().text()))
                .chain(() -> connection
                        .preparedQuery("insert into status_change"
                                + " (issuance, status, reason, note, actor, actor_role, changed_at)"
                                + " values ($1, $2, $3, $4, $5, $6, $7)")
                        .executeBatch(history))
                .replaceWithVoid();
    }

    private static Event event(Wish wish, Issuance issuance) {
        JsonObject data = new JsonObject()
                .put("credential", issuance.id().toString())
                .put("credential_configuration_id", issuance.credentialType())
                .put("agency", issuance.agency())
                .put("reason", wish.reason().text());
        if (issuance.offer() != null) {
            data.put("offer", issuance.offer().toString());
        }
        if (issuance.application() != null) {
            data.put("application", issuance.application().toString());
        }
        return Event.now(wish.status().event(), issuance.id().toString(), data);
    }
}
