package city.madang.payment.returns;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sees to every fee that is not to be kept until it is cancelled or back. Each look at one of them is a transaction under the lock of
 * its bill, which every payment of it takes as well: so a bill is cancelled or paid, never both.
 */
@ApplicationScoped
public class FeeReturns {

    private static final Logger LOG = Logger.getLogger(FeeReturns.class);

    private static final int AT_ONCE = 50;

    private static final String OPEN =
            "select application from fee_return where done is null and not_before <= now() order by not_before limit "
                    + AT_ONCE;

    private static final String LOCK = "select position, agency from fee_return where application = $1 and done is null"
            + " for update skip locked";

    private static final String BILL =
            "select id, amount, reserved, settled, cancelled from bill where application = $1 for update";

    /** The payment of a bill that is paid, and what was paid back of it: settled, and settled or on its way. */
    private static final String PAYMENT =
            """
            select t.id, t.payer, t.amount, count(r.id)::int as attempts,
                   coalesce(sum(r.amount) filter (where r.state = 'settled'), 0)::bigint as back,
                   coalesce(sum(r.amount) filter (where r.state <> 'reversed'), 0)::bigint as counts
              from transfer t left join transfer r on r.refund_of = t.id
             where t.bill = $1 and t.state = 'settled'
             group by t.id, t.payer, t.amount
            """;

    private final Pool pool;
    private final Outbox outbox;
    private final RefundDesk desk;
    private final AtomicInteger waiting;

    FeeReturns(Pool pool, Outbox outbox, RefundDesk desk, MeterRegistry meters) {
        this.pool = pool;
        this.outbox = outbox;
        this.desk = desk;
        this.waiting =
                java.util.Objects.requireNonNull(meters.gauge("madang.payment.returns.waiting", new AtomicInteger()));
    }

    /** What is left to do when a transaction has looked at a fee. */
    private sealed interface Left {
        record Nothing() implements Left {}

        record Pay(RefundDesk.Owed owed) implements Left {}
    }

    private static final Left NOTHING = new Left.Nothing();

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return desk.openAccounts()
                .chain(() -> pool.query(OPEN).execute())
                .chain(rows -> {
                    List<String> open = new ArrayList<>();
                    rows.forEach(row -> open.add(row.getString(0)));
                    waiting.set(open.size());
                    return Multi.createFrom()
                            .iterable(open)
                            .onItem()
                            .transformToUniAndConcatenate(this::lookAt)
                            .collect()
                            .last();
                })
                .replaceWithVoid()
                .onFailure()
                .invoke(failed -> LOG.warnf("fees that are to go back wait for the next look: %s", failed.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> lookAt(String application) {
        return pool.withTransaction(connection -> look(connection, application)).chain(left -> switch (left) {
            case Left.Nothing _ -> Uni.createFrom().voidItem();
            case Left.Pay(RefundDesk.Owed owed) ->
                desk.pay(owed).chain(paid -> paid ? Uni.createFrom().voidItem() : later(application));
        });
    }

    private Uni<Left> look(SqlConnection connection, String application) {
        return connection.preparedQuery(LOCK).execute(Tuple.of(application)).chain(rows -> {
            if (rows.size() == 0) {
                return Uni.createFrom().item(NOTHING);
            }
            Row order = rows.iterator().next();
            return connection
                    .preparedQuery(BILL)
                    .execute(Tuple.of(application))
                    .chain(bills -> bills.size() == 0
                            ? done(connection, application, null)
                            : look(
                                    connection,
                                    application,
                                    order,
                                    bills.iterator().next()));
        });
    }

    private Uni<Left> look(SqlConnection connection, String application, Row order, Row bill) {
        UUID id = bill.getUUID("id");
        if (bill.getOffsetDateTime("cancelled") != null) {
            return done(connection, application, null);
        }
        long reserved = bill.getLong("reserved");
        if (reserved == 0) {
            Event cancelled = Event.now("bill.cancelled", id.toString(), about(application, id));
            return connection
                    .preparedQuery("update bill set cancelled = now() where id = $1")
                    .execute(Tuple.of(id))
                    .chain(() -> done(connection, application, cancelled));
        }
        if (bill.getLong("settled") < reserved) {
            // what was accepted settles or is reversed first
            return Uni.createFrom().item(NOTHING);
        }
        return connection
                .preparedQuery(PAYMENT)
                .execute(Tuple.of(id))
                .chain(payments -> payments.size() == 0
                        ? Uni.createFrom().item(NOTHING)
                        : payBack(
                                connection,
                                application,
                                order,
                                id,
                                payments.iterator().next()));
    }

    private Uni<Left> payBack(SqlConnection connection, String application, Row order, UUID bill, Row payment) {
        long amount = payment.getLong("amount");
        if (payment.getLong("back") == amount) {
            JsonObject data = about(application, bill)
                    .put("authorisation", payment.getString("id"))
                    .put("amount", amount);
            return done(connection, application, Event.now("fee.returned", bill.toString(), data));
        }
        long owed = amount - payment.getLong("counts");
        return owed == 0
                ? Uni.createFrom().item(NOTHING)
                : Uni.createFrom()
                        .item(new Left.Pay(new RefundDesk.Owed(
                                order.getString("agency"),
                                order.getLong("position"),
                                payment.getInteger("attempts"),
                                payment.getString("id"),
                                payment.getString("payer"),
                                owed)));
    }

    private static JsonObject about(String application, UUID bill) {
        return new JsonObject().put("application", application).put("bill", bill.toString());
    }

    private Uni<Left> done(SqlConnection connection, String application, @Nullable Event told) {
        return connection
                .preparedQuery("update fee_return set done = now() where application = $1")
                .execute(Tuple.of(application))
                .chain(() -> outbox.add(connection, told == null ? List.of() : List.of(told)))
                .replaceWith(NOTHING);
    }

    /** A refund that can't be made now is tried again, and holds up no other. */
    private Uni<Void> later(String application) {
        return pool.preparedQuery(
                        "update fee_return set not_before = now() + interval '10 seconds' where application = $1")
                .execute(Tuple.of(application))
                .replaceWithVoid();
    }
}
