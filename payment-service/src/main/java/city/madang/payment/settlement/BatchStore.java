package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.PayAuthorisation;
import city.madang.contracts.SettlementReceipt;
import city.madang.kit.events.Outbox;
import city.madang.payment.chain.ChainMarks;
import city.madang.payment.ledger.Books;
import io.smallrye.mutiny.Multi;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Batches in the database. Blocking; call it on the settler's thread. */
@ApplicationScoped
class BatchStore {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final String COLUMNS =
            """
            t.id, t.payer, t.key_version, t.payee, t.amount, t.bill_hash, t.nonce,
            t.valid_after, t.valid_before, t.signature, t.bill, b.application, t.refund_of,
            coalesce(t.captured, t.accepted), t.capturer, t.capture_key_version, t.captured_amount,
            t.capture_signature, t.traceparent, t.attempts
            """;

    /** Key of the advisory lock under which a batch is recorded; any number that no other lock of this database has. */
    private static final long RECORDING = 0x7265636f7264L;

    /**
     * One at a time records, and sees what was recorded before. Whoever goes along the index of what waits marks what is over and stops at
     * the last that is wanted; a bitmap, a sort or a hash would take up everything that waits, again for each batch.
     */
    private static final String ALONE_AND_ALONG_THE_INDEX =
            "set local enable_bitmapscan = off; set local enable_sort = off;"
                    + " set local enable_hashjoin = off; set local enable_mergejoin = off;"
                    + " select pg_advisory_xact_lock(" + RECORDING + ")";

    /** Payments that a process of the version before has recorded say so themselves. What is on its way stands at the head of the index. */
    private static final String NEXT = "select " + COLUMNS
            + """
              from transfer t join account p on p.id = t.payer join account r on r.id = t.payee
              left join bill b on b.id = t.bill
             where t.state = 'accepted' and t.batch is null
               and t.id not in (select unnest(items) from settlement_batch where state = 'recorded')
               and (p.state = 'open' and r.state = 'open' or t.valid_before <= extract(epoch from now()))
             order by t.attempts, t.position limit $1
            """;

    private static final String OF_BATCH =
            "select " + COLUMNS + " from transfer t left join bill b on b.id = t.bill where ";
    private static final String ITEMS = OF_BATCH + "t.id = any($1) and t.state = 'accepted' order by t.position";
    private static final String SETTLED_ITEMS = OF_BATCH + "t.batch = $1 and t.state = 'settled' order by t.position";

    private static final int CAPTURER = 14;
    private static final int ATTEMPTS = 19;

    private final Pool pool;
    private final Outbox outbox;

    BatchStore(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** The batches that are on their way, in the order in which they were recorded. */
    List<Batch> onTheirWay() {
        return await(pool.withConnection(connection -> connection
                .query("select id, hashes, coalesce(items, array(select t.id from transfer t where t.batch = b.id))"
                        + " from settlement_batch b where state = 'recorded' order by id")
                .execute()
                .chain(rows -> each(rows, row -> read(connection, ITEMS, row, Tuple.of(row.getArrayOfStrings(2)))))));
    }

    /** Batches of which something settled in blocks above one, with what settled, in the order in which it did. */
    List<Batch> settledAbove(long block) {
        return await(pool.withConnection(connection -> connection
                .preparedQuery("select batch, '{}'::text[] from transfer where state = 'settled' and block_number > $1"
                        + " group by batch order by min(block_number), batch")
                .execute(Tuple.of(block))
                .chain(rows -> each(rows, row -> read(connection, SETTLED_ITEMS, row, Tuple.of(row.getLong(0)))))));
    }

    private static Uni<List<Batch>> each(RowSet<Row> rows, Function<Row, Uni<? extends Batch>> read) {
        return Multi.createFrom()
                .iterable(rows)
                .onItem()
                .transformToUniAndConcatenate(read)
                .collect()
                .asList();
    }

    /** Notes where a batch that had settled settled again, and that block. */
    void noteAgain(Batch batch, Map<Bytes32, Fate.Settled> places, SettlementReceipt receipt) {
        List<Map.Entry<Bytes32, Fate.Settled>> all = List.copyOf(places.entrySet());
        await(pool.withTransaction(connection -> connection
                .preparedQuery("update transfer t set transaction_hash = u.hash, block_number = u.block from"
                        + " unnest($1::text[], $2::text[], $3::bigint[]) u (id, hash, block) where t.id = u.id")
                .execute(Tuple.of(
                        all.stream().map(place -> place.getKey().hex()).toArray(String[]::new),
                        all.stream()
                                .map(place -> place.getValue().transactionHash())
                                .toArray(String[]::new),
                        all.stream()
                                .map(place -> place.getValue().blockNumber())
                                .toArray(Long[]::new)))
                .chain(() -> connection
                        .preparedQuery("update settlement_batch set transaction_hash = $2, hashes = hashes ||"
                                + " $2::text, block_number = $3, gas_used = $4 where id = $1")
                        .execute(Tuple.of(
                                batch.id(), receipt.transactionHash(), receipt.blockNumber(), receipt.gasUsed())))));
    }

    /** Lets batches on their way be sent anew: what they met on a chain that had lost blocks says nothing. */
    void forgetHashes() {
        await(pool.query("update settlement_batch set hashes = '{}' where state = 'recorded'")
                .execute());
    }

    /** @param batch its number and the hashes of its transactions */
    private static Uni<Batch> read(SqlConnection connection, String items, Row batch, Tuple which) {
        return connection
                .preparedQuery(items)
                .execute(which)
                .map(found -> new Batch(batch.getLong(0), List.of(batch.getArrayOfStrings(1)), items(found)));
    }

    private static List<Batch.Item> items(Iterable<Row> rows) {
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
                    row.getOffsetDateTime(13).toInstant(),
                    row.getString(18)));
        }
        return items;
    }

    /** Null for a payment, and for what was captured whole under the message of one before holds had their own. */
    private static Batch.@Nullable Capture capture(Row row) {
        String capturer = row.getString(CAPTURER);
        return capturer == null
                ? null
                : new Batch.Capture(new Bytes32(capturer), row.getInteger(15), row.getLong(16), row.getString(17));
    }

    /**
     * A batch that was recorded.
     *
     * @param more whether it left something, or may have: it took no less than was looked for
     */
    record Recorded(Batch batch, boolean more) {}

    /**
     * Records the next batch of what waits between accounts that the chain knows, in order of acceptance, but what was in a
     * failed transaction comes last, in batches half as large with each failure, so that what breaks them is found. What has
     * expired goes too, whoever it is between, so that the contract refuses it and its money is not held for ever. What is on its
     * way is left alone, whoever recorded it.
     *
     * @param limit the most items
     * @param gasMax the most gas that they may need together
     */
    Optional<Recorded> recordNext(int limit, long gasMax) {
        return await(pool.withTransaction(connection -> connection
                .query(ALONE_AND_ALONG_THE_INDEX)
                .execute()
                .chain(() -> connection.preparedQuery(NEXT).execute(Tuple.of(limit)))
                .chain(rows -> {
                    List<Row> chosen = together(rows, limit, gasMax);
                    boolean more = rows.size() == limit || chosen.size() < rows.size();
                    return chosen.isEmpty()
                            ? Uni.createFrom().item(Optional.<Recorded>empty())
                            : record(connection, items(chosen)).map(batch -> Optional.of(new Recorded(batch, more)));
                })));
    }

    /** The first of them that have failed alike and fit into the gas, but one at least. */
    private static List<Row> together(RowSet<Row> rows, int limit, long gasMax) {
        List<Row> chosen = new ArrayList<>();
        int captures = 0;
        int most = limit;
        int attempts = -1;
        for (Row row : rows) {
            int failed = row.getInteger(ATTEMPTS);
            if (chosen.isEmpty()) {
                attempts = failed;
                most = Math.max(1, limit >> Math.min(attempts, Integer.SIZE - 1));
            }
            captures += row.getString(CAPTURER) == null ? 0 : 1;
            if (!chosen.isEmpty()
                    && (chosen.size() == most
                            || failed != attempts
                            || LedgerContract.batchGas(chosen.size() + 1 - captures, captures) > gasMax)) {
                break;
            }
            chosen.add(row);
        }
        return chosen;
    }

    private static Uni<Batch> record(SqlConnection connection, List<Batch.Item> items) {
        String[] ids = ids(items);
        return connection
                .preparedQuery(
                        "insert into settlement_batch (content_hash, size, items) values ($1, $2, $3) returning id")
                .execute(Tuple.of(Batch.contentHash(List.of(ids)), ids.length, ids))
                .map(rows -> new Batch(rows.iterator().next().getLong(0), List.of(), items));
    }

    private static String[] ids(List<Batch.Item> items) {
        return items.stream().map(item -> item.id().hex()).toArray(String[]::new);
    }

    /** Notes the hash of a signed transaction that is about to be sent. */
    void noteHash(Batch batch, String transactionHash) {
        await(pool.preparedQuery("update settlement_batch set transaction_hash = $2, hashes = hashes || $2::text,"
                        + " attempts = attempts + 1 where id = $1 and state = 'recorded'")
                .execute(Tuple.of(batch.id(), transactionHash)));
    }

    /** Notes that the batch's transaction failed as a whole: its items wait for another batch. */
    void fail(Batch batch) {
        await(pool.withTransaction(connection -> connection
                .preparedQuery("update transfer set batch = null, attempts = attempts + 1"
                        + " where id = any($1) and state = 'accepted'")
                .execute(Tuple.of(ids(batch.items())))
                .chain(() -> connection
                        .preparedQuery("update settlement_batch set state = 'failed', finished = now()"
                                + " where id = $1 and state = 'recorded'")
                        .execute(Tuple.of(batch.id())))));
    }

    /**
     * Books each item's fate, in one transaction; nothing when another settler has done so.
     *
     * @param receipt of the transaction that told the fates; null when there was nothing to tell
     */
    void finish(Batch batch, Map<Bytes32, Fate> fates, @Nullable SettlementReceipt receipt) {
        await(pool.withTransaction(connection -> connection
                .preparedQuery("update settlement_batch set state = 'done', finished = now(), items = null,"
                        + " transaction_hash = coalesce($2, transaction_hash), block_number = $3, gas_used = $4 where id = $1 and state ="
                        + " 'recorded'")
                .execute(
                        receipt == null
                                ? Tuple.of(batch.id(), null, null, null)
                                : Tuple.of(
                                        batch.id(),
                                        receipt.transactionHash(),
                                        receipt.blockNumber(),
                                        receipt.gasUsed()))
                .chain(updated -> updated.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : book(connection, batch, fates).chain(() -> mark(connection, receipt)))));
    }

    private static Uni<Void> mark(SqlConnection connection, @Nullable SettlementReceipt receipt) {
        return receipt == null
                ? Uni.createFrom().voidItem()
                : ChainMarks.note(connection, receipt.blockNumber(), receipt.blockHash());
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
                        ended.writeTransfers(connection, batch.id())))
                .discardItems()
                .chain(() -> ended.events(connection))
                .chain(events -> outbox.add(connection, events));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }
}
