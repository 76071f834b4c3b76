package city.madang.payment.treasury;

import city.madang.kit.problem.CommonProblem;
import city.madang.payment.ledger.Books;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Money that holders give back: each payment into the redemption account is burned once, whole, by two treasurers. The contract
 * enforces that they burn nothing else.
 */
@ApplicationScoped
public class Redemptions {

    private static final String COLUMNS = "id, state, payment, amount, transaction_hash, proposed_by, approved_by";

    private final Pool pool;

    Redemptions(Pool pool) {
        this.pool = pool;
    }

    /**
     * A redemption as treasurers see it.
     *
     * @param id random UUID
     * @param state {@code proposed}, {@code approved}, {@code settled} once the contract has burned it, {@code failed}
     * @param authorisation the payment that brought the money
     * @param amount won
     * @param transactionHash the chain's transaction that burned
     */
    public record View(String id, String state, String authorisation, long amount, @Nullable String transactionHash) {}

    /**
     * A payment that brought money to be redeemed.
     *
     * @param authorisation its id
     * @param from whose money it was
     * @param amount won
     * @param settledAt when it came
     * @param redemption what became of it; absent while nobody has proposed
     */
    public record PaidIn(
            String authorisation, String from, long amount, Instant settledAt, @Nullable View redemption) {}

    /**
     * Payments in the order in which they were accepted.
     *
     * @param items at most as many as were asked for
     * @param next where they go on
     */
    public record Page(List<PaidIn> items, @Nullable Long next) {}

    /** Proposes to burn what a settled payment brought; nothing moves before another treasurer approves. */
    Uni<View> propose(String treasurer, String payment) {
        return pool.preparedQuery("insert into redemption (id, payment, amount, proposed_by)"
                        + " select $1, id, coalesce(captured_amount, amount), $3 from transfer"
                        + " where id = $2 and payee = '" + Books.REDEMPTION + "' and state = 'settled'"
                        + " on conflict do nothing returning " + COLUMNS)
                .execute(Tuple.of(UUID.randomUUID(), payment, treasurer))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw PaymentProblem.NOT_REDEEMABLE.with(
                                PaymentProblem.NOT_REDEEMABLE.meaning().when());
                    }
                    return view(rows.iterator().next());
                });
    }

    /** Approves another treasurer's proposal. Approving one's own approval again changes nothing. */
    Uni<View> approve(String treasurer, UUID id) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("select " + COLUMNS + " from redemption where id = $1 for update")
                .execute(Tuple.of(id))
                .chain(rows -> {
                    Row row = one(rows);
                    if (treasurer.equals(row.getString(5))) {
                        throw PaymentProblem.SAME_TREASURER.with("the proposer can't approve");
                    }
                    if (treasurer.equals(row.getString(6))) {
                        return Uni.createFrom().item(view(row));
                    }
                    if (!row.getString(1).equals("proposed")) {
                        throw CommonProblem.CONFLICT.with("the redemption is " + row.getString(1));
                    }
                    return approve(connection, treasurer, id);
                }));
    }

    private static Uni<View> approve(SqlConnection connection, String treasurer, UUID id) {
        return connection
                .preparedQuery("update redemption set state = 'approved', approved_by = $2, approved = now()"
                        + " where id = $1 returning " + COLUMNS)
                .execute(Tuple.of(id, treasurer))
                .map(rows -> view(one(rows)));
    }

    /** A redemption; 404 when there is none. */
    Uni<View> get(UUID id) {
        return pool.preparedQuery("select " + COLUMNS + " from redemption where id = $1")
                .execute(Tuple.of(id))
                .map(rows -> view(one(rows)));
    }

    /** What was paid in, after a position. */
    Uni<Page> list(long after, int limit) {
        return pool.preparedQuery(
                        "select r.id, r.state, t.id, coalesce(t.captured_amount, t.amount), r.transaction_hash,"
                                + " t.payer, t.finished, t.position from transfer t"
                                + " left join redemption r on r.payment = t.id and r.state <> 'failed'"
                                + " where t.payee = '" + Books.REDEMPTION
                                + "' and t.state = 'settled' and t.position > $1"
                                + " order by t.position limit $2")
                .execute(Tuple.of(after, limit))
                .map(rows -> {
                    List<Row> found =
                            StreamSupport.stream(rows.spliterator(), false).toList();
                    return new Page(
                            found.stream().map(Redemptions::paidIn).toList(),
                            found.size() < limit ? null : found.getLast().getLong(7));
                });
    }

    private static PaidIn paidIn(Row row) {
        return new PaidIn(
                row.getString(2),
                row.getString(5),
                row.getLong(3),
                row.getOffsetDateTime(6).toInstant(),
                row.getUUID(0) == null ? null : view(row));
    }

    private static Row one(RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw CommonProblem.NOT_FOUND.with("no such redemption");
        }
        return rows.iterator().next();
    }

    private static View view(Row row) {
        return new View(
                row.getUUID(0).toString(), row.getString(1), row.getString(2), row.getLong(3), row.getString(4));
    }
}
