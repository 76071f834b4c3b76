package city.madang.payment.holds;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import city.madang.payment.ledger.Books;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a hold. Capturing, voiding and expiring each change its row only while it is held and in the light of the
 * database's clock, so one of them happens, whoever races.
 */
@ApplicationScoped
public class Holds {

    /** Why a hold that its payee gave up was reversed. */
    static final String VOIDED = "voided";

    /** Why one that nobody captured in time was. */
    static final String EXPIRED = "hold-expired";

    private static final String FIND =
            """
            select t.state, t.captured is not null, t.captures_before <= extract(epoch from now()),
                   t.key_version <> p.key_version, p.frozen, t.reason
              from transfer t join account p on p.id = t.payer join account r on r.id = t.payee
             where t.id = $1 and r.owner_kind = $2 and r.owner = $3
            """;

    private static final String CAPTURE =
            """
            update transfer t set state = 'accepted', captured = now()
              from account p
             where t.id = $1 and t.state = 'held' and t.captures_before > extract(epoch from now())
               and p.id = t.payer and p.key_version = t.key_version and not p.frozen
            returning t.id, t.amount, t.bill
            """;

    private static final String RELEASE =
            """
            update transfer set state = 'reversed', reason = $2, finished = now()
             where id = any($1) and state = 'held' and ($3 or captures_before <= extract(epoch from now()))
            returning id, amount, bill
            """;

    private final Pool pool;
    private final Outbox outbox;

    Holds(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** Captures the whole hold for its payee: from now on it settles. False when that had been done before. */
    Uni<Boolean> capture(Owner payee, String id) {
        return pool.withTransaction(connection -> find(connection, payee, id).chain(found -> connection
                .preparedQuery(CAPTURE)
                .execute(Tuple.of(id))
                .chain(rows -> rows.size() == 0
                        ? find(connection, payee, id).map(Holds::capturedBefore)
                        : outbox.add(
                                        connection,
                                        List.of(accepted(rows.iterator().next())))
                                .replaceWith(true))));
    }

    private static boolean capturedBefore(Row found) {
        if (found.getBoolean(1)) {
            return false;
        }
        if (!found.getString(0).equals("held") || Boolean.TRUE.equals(found.getBoolean(2))) {
            throw PaymentProblem.NOT_HELD.with("the payment is " + state(found));
        }
        if (found.getBoolean(3)) {
            throw PaymentProblem.WRONG_KEY_VERSION.with("the payer's key was replaced since: the hold can only end");
        }
        throw PaymentProblem.FROZEN.with("the payer's account may not pay at present");
    }

    private static String state(Row found) {
        @Nullable String reason = found.getString(5);
        return found.getString(0) + (reason == null ? "" : ": " + reason);
    }

    /** Gives the hold's money back to its payer, as its payee wants. False when that had been done before. */
    Uni<Boolean> giveUp(Owner payee, String id) {
        return pool.withTransaction(connection -> find(connection, payee, id)
                .chain(found -> release(connection, List.of(id), VOIDED, true))
                .chain(released -> released > 0
                        ? Uni.createFrom().item(true)
                        : find(connection, payee, id).map(Holds::voidedBefore)));
    }

    private static boolean voidedBefore(Row found) {
        if (VOIDED.equals(found.getString(5))) {
            return false;
        }
        throw PaymentProblem.NOT_HELD.with("the payment is " + state(found));
    }

    private static Uni<Row> find(SqlConnection connection, Owner payee, String id) {
        return connection
                .preparedQuery(FIND)
                .execute(Tuple.of(id, payee.kind().text(), payee.name()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("no such payment to you");
                    }
                    return rows.iterator().next();
                });
    }

    /** Ends holds that nobody captured in time, up to {@code limit}; tells how many. */
    Uni<Integer> expire(int limit) {
        return pool.preparedQuery("select id from transfer where state = 'held'"
                        + " and captures_before <= extract(epoch from now()) order by captures_before limit $1")
                .execute(Tuple.of(limit))
                .map(rows -> stream(rows).map(row -> row.getString(0)).toList())
                .chain(due -> due.isEmpty()
                        ? Uni.createFrom().item(0)
                        : pool.withTransaction(connection -> release(connection, due, EXPIRED, false)));
    }

    /** Reverses those that are still held; locks accounts, then bills, as everyone does. */
    private Uni<Integer> release(SqlConnection connection, List<String> ids, String reason, boolean early) {
        return connection
                .preparedQuery("select payer, bill from transfer where id = any($1)")
                .execute(Tuple.of(ids.toArray(String[]::new)))
                .call(rows -> Books.lock(
                        connection,
                        stream(rows).map(row -> row.getString(0)).distinct().toList()))
                .call(rows -> Books.lockBills(
                        connection,
                        stream(rows)
                                .flatMap(row -> Stream.ofNullable(row.getUUID(1)))
                                .distinct()
                                .toList()))
                .chain(() ->
                        connection.preparedQuery(RELEASE).execute(Tuple.of(ids.toArray(String[]::new), reason, early)))
                .chain(rows -> {
                    List<Row> ended = stream(rows).toList();
                    return Books.reverse(
                                    connection,
                                    ended.stream().map(row -> row.getString(0)).toList())
                            .chain(() -> outbox.add(
                                    connection,
                                    ended.stream()
                                            .map(row -> reversed(row, reason))
                                            .toList()))
                            .replaceWith(ended.size());
                });
    }

    private static Event accepted(Row row) {
        return Event.now("payment.accepted", row.getString(0), about(row));
    }

    private static Event reversed(Row row, String reason) {
        return Event.now("payment.reversed", row.getString(0), about(row).put("reason", reason));
    }

    private static JsonObject about(Row row) {
        JsonObject data =
                new JsonObject().put("authorisation", row.getString(0)).put("amount", row.getLong(1));
        @Nullable UUID bill = row.getUUID(2);
        return bill == null ? data : data.put("bill", bill.toString());
    }

    private static Stream<Row> stream(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }
}
