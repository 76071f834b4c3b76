package city.madang.payment.freezes;

import city.madang.kit.problem.CommonProblem;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;

/** Orders to freeze an account or to end that. Who proposes does not approve: the database refuses it too. */
@ApplicationScoped
class FreezeOrders {

    private static final String COLUMNS = "id, account, action, reason, state, created, proposed_by, approved_by";

    private final Pool pool;

    FreezeOrders(Pool pool) {
        this.pool = pool;
    }

    /**
     * An order as officers see it.
     *
     * @param id random UUID
     * @param account which account
     * @param action {@code freeze} or {@code unfreeze}
     * @param reason as its proposer wrote it
     * @param state {@code proposed}, {@code approved}, {@code done} once the contract has it
     * @param createdAt when it was proposed
     */
    public record View(String id, String account, String action, String reason, String state, Instant createdAt) {}

    /** Proposes; nothing changes before another officer approves. */
    Uni<View> propose(String officer, String account, String action, String reason) {
        return pool.preparedQuery("insert into freeze_order (id, account, action, reason, proposed_by)"
                        + " select $1, id, $3, $4, $5 from account where id = $2 and owner_kind <> 'system'"
                        + " and x is not null returning " + COLUMNS)
                .execute(Tuple.of(UUID.randomUUID(), account, action, reason, officer))
                .map(rows -> one(rows, "no such account"));
    }

    /** Approves another officer's order. A freeze counts here at once; approving again changes nothing. */
    Uni<View> approve(String officer, UUID id) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("select " + COLUMNS + " from freeze_order where id = $1 for update")
                .execute(Tuple.of(id))
                .chain(rows -> {
                    View order = one(rows, "no such order");
                    Row row = rows.iterator().next();
                    if (officer.equals(row.getString(6))) {
                        throw PaymentProblem.SAME_OFFICER.with("the proposer can't approve");
                    }
                    if (officer.equals(row.getString(7))) {
                        return Uni.createFrom().item(order);
                    }
                    if (!order.state().equals("proposed")) {
                        throw CommonProblem.CONFLICT.with("the order is " + order.state());
                    }
                    return approve(connection, officer, id, order);
                }));
    }

    private static Uni<View> approve(SqlConnection connection, String officer, UUID id, View order) {
        return connection
                .preparedQuery("update account set frozen = true where id = $1 and $2 = 'freeze'")
                .execute(Tuple.of(order.account(), order.action()))
                .chain(() -> connection
                        .preparedQuery("update freeze_order set state = 'approved', approved_by = $2, approved = now()"
                                + " where id = $1 returning " + COLUMNS)
                        .execute(Tuple.of(id, officer)))
                .map(rows -> one(rows, "no such order"));
    }

    /** An order; 404 when there is none. */
    Uni<View> get(UUID id) {
        return pool.preparedQuery("select " + COLUMNS + " from freeze_order where id = $1")
                .execute(Tuple.of(id))
                .map(rows -> one(rows, "no such order"));
    }

    private static View one(RowSet<Row> rows, String otherwise) {
        if (rows.size() == 0) {
            throw CommonProblem.NOT_FOUND.with(otherwise);
        }
        Row row = rows.iterator().next();
        return new View(
                row.getUUID(0).toString(),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getOffsetDateTime(5).toInstant());
    }
}
