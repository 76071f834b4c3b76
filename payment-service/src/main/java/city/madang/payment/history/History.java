package city.madang.payment.history;

import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the payments of an account. */
@ApplicationScoped
class History {

    private static final String COLUMNS =
            "id, payer, payee, coalesce(captured_amount, amount), state, reason, bill, refund_of, accepted, finished, position";

    /** One index for each direction; the newest of both are merged. */
    private static final String PAGE =
            """
            select * from (
                (select %1$s, 'out' as direction from transfer
                  where payer = $1 and (accepted, position) < ($2, $3) order by accepted desc, position desc limit $4)
                union all
                (select %1$s, 'in' from transfer
                  where payee = $1 and (accepted, position) < ($2, $3) order by accepted desc, position desc limit $4)
            ) both_ways order by accepted desc, position desc limit $4
            """
                    .formatted(COLUMNS);

    /** Later than anything that is accepted. */
    private static final Cursor NEWEST = new Cursor(Instant.parse("9999-12-31T00:00:00Z"), Long.MAX_VALUE);

    private final Pool pool;

    History(Pool pool) {
        this.pool = pool;
    }

    /**
     * Payments, newest first.
     *
     * @param items at most as many as were asked for
     * @param next where they go on; empty at the end
     */
    record Page(List<HistoryItem> items, Optional<Cursor> next) {}

    /** The owner's account's payments before a cursor; 404 when the account is not the owner's. */
    Uni<Page> page(Owner owner, String account, Optional<Cursor> before, int limit) {
        Cursor from = before.orElse(NEWEST);
        return pool.preparedQuery("select from account where id = $1 and owner_kind = $2 and owner = $3")
                .execute(Tuple.of(account, owner.kind().text(), owner.name()))
                .invoke(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("no such account");
                    }
                })
                .chain(() -> pool.preparedQuery(PAGE)
                        .execute(Tuple.of(account, from.accepted().atOffset(ZoneOffset.UTC), from.position(), limit)))
                .map(rows -> {
                    List<HistoryItem> items = new ArrayList<>();
                    @Nullable Cursor last = null;
                    for (Row row : rows) {
                        items.add(item(row));
                        last = new Cursor(row.getOffsetDateTime(8).toInstant(), row.getLong(10));
                    }
                    return new Page(items, items.size() < limit ? Optional.empty() : Optional.ofNullable(last));
                });
    }

    private static HistoryItem item(Row row) {
        String direction = row.getString(11);
        @Nullable UUID bill = row.getUUID(6);
        @Nullable OffsetDateTime finished = row.getOffsetDateTime(9);
        return new HistoryItem(
                row.getString(0),
                direction,
                row.getString(direction.equals("out") ? 2 : 1),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                bill == null ? null : bill.toString(),
                row.getString(7),
                row.getOffsetDateTime(8).toInstant(),
                finished == null ? null : finished.toInstant());
    }
}
