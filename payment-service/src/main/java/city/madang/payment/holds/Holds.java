package city.madang.payment.holds;

import city.madang.contracts.Bytes32;
import city.madang.contracts.HoldCapture;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.p256.P256;
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
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a hold. What is captured, and by whose key, is checked here and in the contract again. Capturing, voiding and expiring each change its row only while it is held and in the light of the
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
            select t.state, t.captures_before <= extract(epoch from now()), t.key_version <> p.key_version, p.frozen,
                   t.reason, t.amount, t.captured_amount, t.bill is not null, t.capturer, c.x, c.y, c.key_version, c.frozen,
                   exists (select from key_rotation k where k.account = c.id and k.state = 'recorded')
              from transfer t join account p on p.id = t.payer join account r on r.id = t.payee
              left join account c on c.id = t.capturer
             where t.id = $1 and r.owner_kind = $2 and r.owner = $3
            """;

    private static final String CAPTURE =
            """
            update transfer t set state = 'accepted', captured = now(), captured_amount = $2, capture_key_version = $3,
                   capture_signature = $4
              from account p, account c
             where t.id = $1 and t.state = 'held' and t.captures_before > extract(epoch from now())
               and p.id = t.payer and p.key_version = t.key_version and not p.frozen
               and c.id = t.capturer and c.key_version = $3 and not c.frozen
            returning t.id, t.captured_amount, t.bill
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

    /**
     * What a payee takes of a hold.
     *
     * @param amount won
     * @param keyVersion of the capturer's key
     * @param signature that key's over {@code Capture}, base64url of r ‖ s
     */
    record Wanted(long amount, long keyVersion, String signature) {}

    /**
     * Captures a hold for its payee, whole or in part: from now on it settles, and the rest is the payer's. False when that had
     * been done before with the same amount.
     */
    Uni<Boolean> capture(Owner payee, Bytes32 id, Wanted wanted, Bytes32 separator) {
        return pool.withTransaction(connection -> find(connection, payee, id.hex())
                .map(found -> found.getLong(6) != null || mayCapture(found, id, wanted, separator))
                .chain(() -> connection
                        .preparedQuery(CAPTURE)
                        .execute(Tuple.of(id.hex(), wanted.amount(), (int) wanted.keyVersion(), wanted.signature())))
                .chain(rows -> rows.size() == 0
                        ? find(connection, payee, id.hex()).map(found -> capturedBefore(found, wanted))
                        : outbox.add(
                                        connection,
                                        List.of(accepted(rows.iterator().next())))
                                .replaceWith(true)));
    }

    /** True, or the problem that there is. */
    private static boolean mayCapture(Row found, Bytes32 id, Wanted wanted, Bytes32 separator) {
        @Nullable String x = found.getString(9);
        if (!found.getString(0).equals("held") || x == null) {
            throw PaymentProblem.NOT_HELD.with("the payment is " + state(found));
        }
        if (wanted.amount() > found.getLong(5)) {
            throw PaymentProblem.ABOVE_HOLD.with("at most " + found.getLong(5) + " is held");
        }
        if (found.getBoolean(7) && wanted.amount() != found.getLong(5)) {
            throw PaymentProblem.CAPTURED_WHOLE.with(
                    PaymentProblem.CAPTURED_WHOLE.meaning().when());
        }
        if (found.getBoolean(13)) {
            throw PaymentProblem.KEY_CHANGING.with(
                    PaymentProblem.KEY_CHANGING.meaning().when());
        }
        if (found.getInteger(11) != wanted.keyVersion()) {
            throw PaymentProblem.WRONG_KEY_VERSION.with("the capturer's key has version " + found.getInteger(11));
        }
        HoldCapture capture = new HoldCapture(id, wanted.keyVersion(), wanted.amount());
        boolean signed = P256.verify(
                P256.publicKey(new Bytes32(x).unsigned(), new Bytes32(found.getString(10)).unsigned()),
                capture.message(separator),
                Base64.getUrlDecoder().decode(wanted.signature()));
        if (!signed) {
            throw PaymentProblem.BAD_SIGNATURE.with("the capturer's key has not signed exactly this");
        }
        return true;
    }

    private static boolean capturedBefore(Row found, Wanted wanted) {
        @Nullable Long captured = found.getLong(6);
        if (captured != null) {
            if (captured == wanted.amount()) {
                return false;
            }
            throw PaymentProblem.NOT_HELD.with("captured before, with another amount");
        }
        if (!found.getString(0).equals("held") || Boolean.TRUE.equals(found.getBoolean(1))) {
            throw PaymentProblem.NOT_HELD.with("the payment is " + state(found));
        }
        if (found.getBoolean(2)) {
            throw PaymentProblem.WRONG_KEY_VERSION.with("the payer's key was replaced since: the hold can only end");
        }
        if (found.getInteger(11) != wanted.keyVersion()) {
            throw PaymentProblem.WRONG_KEY_VERSION.with("the capturer's key has version " + found.getInteger(11));
        }
        throw PaymentProblem.FROZEN.with("the payer's or the capturer's account may not pay at present");
    }

    private static String state(Row found) {
        @Nullable String reason = found.getString(4);
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
        if (VOIDED.equals(found.getString(4))) {
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
                    return outbox.add(
                                    connection,
                                    ended.stream()
                                            .map(row -> reversed(row, reason))
                                            .toList())
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
