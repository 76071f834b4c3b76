package city.madang.payment.limits;

import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Limits in the database; accepting reads them there. */
@ApplicationScoped
class LimitStore {

    private static final String FIND =
            "select limit_payment, limit_day, next_limit_payment, next_limit_day, next_limits_from from account"
                    + " where id = $1 and owner_kind = $2 and owner = $3";

    private final Pool pool;
    private final Duration raiseAfter;

    LimitStore(Pool pool, LimitsConfig config) {
        this.pool = pool;
        this.raiseAfter = config.raiseAfter();
    }

    /** The limits of the owner's account; 404 when it is not the owner's. */
    Uni<Limits.Plan> find(Owner owner, String account) {
        return find(pool, FIND, owner, account);
    }

    /** Sets them; a later wish replaces what waits. */
    Uni<Limits.Plan> set(Owner owner, String account, Limits wanted) {
        return pool.withTransaction(connection -> find(connection, FIND + " for no key update", owner, account)
                .chain(before -> {
                    Limits.Plan plan = before.now().change(wanted, Instant.now().plus(raiseAfter));
                    return connection
                            .preparedQuery("update account set limit_payment = $2, limit_day = $3,"
                                    + " next_limit_payment = $4, next_limit_day = $5, next_limits_from = $6"
                                    + " where id = $1")
                            .execute(tuple(account, plan))
                            .replaceWith(plan);
                }));
    }

    private static Tuple tuple(String account, Limits.Plan plan) {
        @Nullable Limits next = plan.next();
        return Tuple.tuple()
                .addString(account)
                .addLong(plan.now().perPayment())
                .addLong(plan.now().perDay())
                .addLong(next == null ? null : next.perPayment())
                .addLong(next == null ? null : next.perDay())
                .addOffsetDateTime(plan.from() == null ? null : plan.from().atOffset(ZoneOffset.UTC));
    }

    private static Uni<Limits.Plan> find(SqlClient client, String sql, Owner owner, String account) {
        return client.preparedQuery(sql)
                .execute(Tuple.of(account, owner.kind().text(), owner.name()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("no such account");
                    }
                    return plan(rows.iterator().next(), Instant.now());
                });
    }

    private static Limits.Plan plan(Row row, Instant now) {
        Limits set = new Limits(row.getLong(0), row.getLong(1));
        @Nullable OffsetDateTime from = row.getOffsetDateTime(4);
        if (from == null) {
            return new Limits.Plan(set, null, null);
        }
        Limits next = new Limits(row.getLong(2), row.getLong(3));
        return from.toInstant().isAfter(now)
                ? new Limits.Plan(set, next, from.toInstant())
                : new Limits.Plan(next, null, null);
    }
}
