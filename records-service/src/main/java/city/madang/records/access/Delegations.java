package city.madang.records.access;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Whom citizens let read their records. Revoking and expiry count from the next release on. */
@ApplicationScoped
public class Delegations {

    /** At a time, of one citizen. */
    static final int MOST = 100;

    private final Pool pool;

    Delegations(Pool pool) {
        this.pool = pool;
    }

    /** One record, or an agency's records of a type, or with neither all. */
    record Scope(@Nullable UUID record, @Nullable String agency, @Nullable String type) {}

    record Delegation(
            UUID id,
            String owner,
            String delegate,
            Scope scope,
            Instant given,
            Instant expires,
            @Nullable Instant revoked) {}

    /** Empty if the citizen has too many already. */
    Uni<Optional<Delegation>> give(String owner, String delegate, Scope scope, Instant expires) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        UUID id = UUID.randomUUID();
        return pool.preparedQuery("insert into delegation (id, owner, delegate, record, agency, type, given, expires)"
                        + " select $1, $2, $3, $4, $5, $6, $7, $8 where (select count(*) from delegation where owner = $2"
                        + " and revoked is null and expires > $7) < " + MOST)
                .execute(Tuple.tuple()
                        .addUUID(id)
                        .addString(owner)
                        .addString(delegate)
                        .addValue(scope.record())
                        .addValue(scope.agency())
                        .addValue(scope.type())
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                        .addOffsetDateTime(expires.atOffset(ZoneOffset.UTC)))
                .map(inserted -> inserted.rowCount() == 0
                        ? Optional.empty()
                        : Optional.of(new Delegation(id, owner, delegate, scope, now, expires, null)));
    }

    /** Whether it was this owner's. Revoking again changes nothing. */
    Uni<Boolean> revoke(String owner, UUID id) {
        return pool.preparedQuery(
                        "update delegation set revoked = coalesce(revoked, now()) where id = $1 and owner = $2")
                .execute(Tuple.of(id, owner))
                .map(updated -> updated.rowCount() == 1);
    }

    /** Given by the citizen and to the citizen, the latest first. */
    Uni<List<Delegation>> of(String citizen, @Nullable UUID after, int limit) {
        return pool.preparedQuery(
                        "select * from delegation where (owner = $1 or delegate = $1) and ($2::uuid is null"
                                + " or position < (select position from delegation where id = $2)) order by position desc limit $3")
                .execute(Tuple.of(citizen, after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Delegations::read)
                        .toList());
    }

    /** The delegation, if any, by which the owner lets this citizen read the record now. */
    Uni<Optional<UUID>> covering(String delegate, Held held) {
        return pool.preparedQuery("select id from delegation where owner = $1 and delegate = $2 and revoked is null and"
                        + " expires > now() and (record is null or record = $3) and (agency is null or agency = $4) and"
                        + " (type is null or type = $5) order by position limit 1")
                .execute(Tuple.of(held.owner(), delegate, held.record(), held.agency(), held.type()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getUUID(0)));
    }

    private static Delegation read(Row row) {
        return new Delegation(
                row.getUUID("id"),
                row.getString("owner"),
                row.getString("delegate"),
                new Scope(row.getUUID("record"), row.getString("agency"), row.getString("type")),
                row.getOffsetDateTime("given").toInstant(),
                row.getOffsetDateTime("expires").toInstant(),
                row.getOffsetDateTime("revoked") == null
                        ? null
                        : row.getOffsetDateTime("revoked").toInstant());
    }
}
