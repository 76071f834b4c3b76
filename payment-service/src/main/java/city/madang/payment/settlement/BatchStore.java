package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.CapturedHold;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.PayAuthorisation;
import city.madang.contracts.SignedPayment;
import city.madang.kit.events.Outbox;
import city.madang.payment.ledger.Books;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Batches in the database. Blocking; call it on the settler's thread. */
@ApplicationScoped
class BatchStore {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final String ITEMS = "select t.id, t.payer, t.key_version, t.payee, t.amount, t.bill_hash, t.nonce,"
            + " t.valid_after, t.valid_before, t.signature, t.bill, b.application, t.refund_of,"
            + " coalesce(t.captured, t.accepted), t.capturer, t.capture_key_version, t.captured_amount,"
            + " t.capture_signature"
            + " from transfer t left join bill b on b.id = t.bill"
            + " where t.batch = $1 and t.state = 'accepted' order by t.position";

    private final Pool pool;
    private final Outbox outbox;

    BatchStore(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** The batch that is on its way, if there is one. */
    Optional<Batch> onItsWay() {
        return await(pool.withConnection(this::readOpen));
    }

    private Uni<Optional<Batch>> readOpen(SqlConnection connection) {
        return connection
                .query("select id, transaction_hash from settlement_batch where state = 'recorded'")
                .execute()
                .chain(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().item(Optional.empty());
                    }
                    Row row = rows.iterator().next();
                    return connection
                            .preparedQuery(ITEMS)
                            .execute(Tuple.of(row.getLong(0)))
                            .map(items -> Optional.of(new Batch(row.getLong(0), row.getString(1), items(items))));
                });
    }

    private static List<Batch.Item> items(RowSet<Row> rows) {
        List<Batch.Item> items = new ArrayList<>();
        for (Row row : rows) {
            PayAuthorisation pay = new PayAuthorisation(
                    new Bytes32(row.getString(1)),
                    row.getInteger(2),
                    new Bytes32(row.getString(3)),
                    row.getLong(4),
                    new Bytes32(row.getString(5)),
                    new Bytes32(row.getString(6)).unsigned(),
                    row.getLong(7),
                    row.getLong(8));
            items.add(new Batch.Item(
                    new Bytes32(row.getString(0)),
                    pay,
                    row.getString(9),
                    capture(row),
                    row.getUUID(10),
                    row.getString(11),
                    row.getString(12),
                    row.getOffsetDateTime(13).toInstant()));
        }
        return items;
    }

    /** Null for a payment, and for what was captured whole under the message of one before holds had their own. */
    private static Batch.@Nullable Capture capture(Row row) {
        String capturer = row.getString(14);
        return capturer == null
                ? null
                : new Batch.Capture(new Bytes32(capturer), row.getInteger(15), row.getLong(16), row.getString(17));
    }

    /**
     * Records the next batch of what waits between accounts that the chain knows, in order of acceptance, but what was in a
     * failed transaction comes last. What has expired goes too, whoever it is between, so that the contract refuses it and
     * its money is not held for ever.
     */
    Optional<Batch> recordNext(int limit) {
        return await(pool.withTransaction(connection -> connection
                .preparedQuery("select t.id, t.capturer is not null from transfer t join account p on p.id = t.payer"
                        + " join account r on r.id = t.payee where t.state = 'accepted' and t.batch is null"
                        + " and (p.state = 'open' and r.state = 'open' or t.valid_before <= extract(epoch from now()))"
                        + " order by t.attempts, t.position limit $1")
                .execute(Tuple.of(limit))
                .chain(rows -> {
                    List<String> ids = new ArrayList<>();
                    long gas = 0;
                    for (Row row : rows) {
                        gas += row.getBoolean(1) ? CapturedHold.GAS_MAX : SignedPayment.GAS_MAX;
                        if (gas <= LedgerContract.ITEMS_GAS_MAX) {
                            ids.add(row.getString(0));
                        }
                    }
                    return ids.isEmpty() ? Uni.createFrom().item(Optional.<Batch>empty()) : record(connection, ids);
                })));
    }

    private Uni<Optional<Batch>> record(SqlConnection connection, List<String> ids) {
        return connection
                .preparedQuery("with b as (insert into settlement_batch (content_hash, size) values ($1, $2)"
                        + " returning id) update transfer set batch = b.id from b where transfer.id = any($3)")
                .execute(Tuple.of(Batch.contentHash(ids), ids.size(), ids.toArray(String[]::new)))
                .chain(() -> readOpen(connection));
    }

    /** Notes the hash of a signed transaction that is about to be sent. */
    void noteHash(Batch batch, String transactionHash) {
        await(pool.preparedQuery("update settlement_batch set transaction_hash = $2, attempts = attempts + 1"
                        + " where id = $1 and state = 'recorded'")
                .execute(Tuple.of(batch.id(), transactionHash)));
    }

    /** Notes that the batch's transaction failed as a whole: its items wait for another batch. */
    void fail(Batch batch) {
        await(pool.withTransaction(connection -> connection
                .preparedQuery("update transfer set batch = null, attempts = attempts + 1"
                        + " where batch = $1 and state = 'accepted'")
                .execute(Tuple.of(batch.id()))
                .chain(() -> connection
                        .preparedQuery("update settlement_batch set state = 'failed', finished = now()"
                                + " where id = $1 and state = 'recorded'")
                        .execute(Tuple.of(batch.id())))));
    }

    /** Books each item's fate, in one transaction; nothing when another settler has done so. */
    void finish(Batch batch, Map<Bytes32, Fate> fates) {
        await(pool.withTransaction(connection -> connection
                .preparedQuery("update settlement_batch set state = 'done', finished = now()"
                        + " where id = $1 and state = 'recorded'")
                .execute(Tuple.of(batch.id()))
                .chain(updated ->
                        updated.rowCount() == 0 ? Uni.createFrom().voidItem() : book(connection, batch, fates))));
    }

    private Uni<Void> book(SqlConnection connection, Batch batch, Map<Bytes32, Fate> fates) {
        Set<String> accounts = new TreeSet<>();
        List<UUID> bills = new ArrayList<>();
        Ended ended = new Ended();
        for (Batch.Item item : batch.items()) {
            accounts.add(item.pay().from().hex());
            accounts.add(item.pay().to().hex());
            if (item.bill() != null) {
                bills.add(item.bill());
            }
            ended.add(item, fates.getOrDefault(item.id(), new Fate.Released()));
        }
        // sent at once, run in this order
        return Uni.combine()
                .all()
                .unis(List.of(
                        Books.lock(connection, accounts),
                        Books.lockBills(connection, bills),
                        Books.lockTransfers(connection, ended.refundsReversed()),
                        ended.writeTransfers(connection),
                        Books.settle(connection, ended.settled()),
                        Books.reverse(connection, ended.reversed())))
                .discardItems()
                .chain(() -> ended.events(connection))
                .chain(events -> outbox.add(connection, events));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }
}
