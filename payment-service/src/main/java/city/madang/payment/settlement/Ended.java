package city.madang.payment.settlement;

import city.madang.kit.events.Event;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** What is to be written when a batch has ended, gathered column by column. */
final class Ended {

    private final List<String> settled = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    private final List<Long> blocks = new ArrayList<>();
    private final List<String> reversed = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<String> released = new ArrayList<>();
    private final Map<UUID, Event> billsPaid = new LinkedHashMap<>();
    private final Set<String> refundsReversed = new TreeSet<>();
    private final List<Event> events = new ArrayList<>();

    void add(Batch.Item item, Fate fate) {
        String id = item.id().hex();
        switch (fate) {
            case Fate.Settled done -> {
                settled.add(id);
                hashes.add(done.transactionHash());
                blocks.add(done.blockNumber());
                JsonObject about = about(item)
                        .put("transaction_hash", done.transactionHash())
                        .put("block_number", done.blockNumber());
                events.add(Event.now("payment.settled", id, about).within(item.traceparent()));
                if (item.bill() != null) {
                    // of a bill's instalments the last one pays it
                    billsPaid.put(item.bill(), billPaid(item, item.bill(), done));
                }
            }
            case Fate.Reversed refused -> {
                reversed.add(id);
                reasons.add(refused.reason());
                if (item.refundOf() != null) {
                    refundsReversed.add(item.refundOf());
                }
                JsonObject about = about(item).put("reason", refused.reason());
                events.add(Event.now("payment.reversed", id, about).within(item.traceparent()));
            }
            case Fate.Released _ -> released.add(id);
        }
    }

    private static JsonObject about(Batch.Item item) {
        JsonObject data = new JsonObject().put("authorisation", item.id().hex()).put("amount", item.moved());
        if (item.refundOf() != null) {
            data.put("refund_of", item.refundOf());
        }
        return item.bill() == null ? data : data.put("bill", item.bill().toString());
    }

    private static Event billPaid(Batch.Item item, UUID bill, Fate.Settled done) {
        JsonObject data = new JsonObject()
                .put("bill", bill.toString())
                .put("authorisation", item.id().hex())
                .put("transaction_hash", done.transactionHash());
        if (item.application() != null) {
            data.put("application", item.application());
        }
        return Event.now("bill.paid", bill.toString(), data).within(item.traceparent());
    }

    /** Payments of which a refund did not happen; to be locked before transfers are written. */
    Set<String> refundsReversed() {
        return refundsReversed;
    }

    /** What is to be told, once the transfers are written: which bills are paid by them stands in the database. */
    Uni<List<Event>> events(SqlConnection connection) {
        if (billsPaid.isEmpty()) {
            return Uni.createFrom().item(events);
        }
        return connection
                .preparedQuery("select id from bill where id = any($1) and state = 'paid'")
                .execute(Tuple.of(billsPaid.keySet().toArray(UUID[]::new)))
                .map(rows -> {
                    List<Event> all = new ArrayList<>(events);
                    rows.forEach(row -> all.add(billsPaid.get(row.getUUID(0))));
                    return all;
                });
    }

    /** @param batch in which they ended */
    Uni<Void> writeTransfers(SqlConnection connection, long batch) {
        List<Uni<?>> writes = new ArrayList<>();
        if (!settled.isEmpty()) {
            writes.add(write(
                    connection,
                    "update transfer set state = 'settled', finished = now(), batch = $4, transaction_hash = u.hash,"
                            + " block_number = u.block from unnest($1::text[], $2::text[], $3::bigint[]) u (id, hash, block) where transfer.id = u.id",
                    Tuple.of(texts(settled), texts(hashes), blocks.toArray(Long[]::new), batch)));
        }
        if (!reversed.isEmpty()) {
            writes.add(write(
                    connection,
                    "update transfer set state = 'reversed', finished = now(), batch = $3, reason = u.reason"
                            + " from unnest($1::text[], $2::text[]) u (id, reason) where transfer.id = u.id",
                    Tuple.of(texts(reversed), texts(reasons), batch)));
        }
        if (!released.isEmpty()) {
            // noted by a process of the version before
            writes.add(write(
                    connection,
                    "update transfer set batch = null where id = any($1) and batch is not null",
                    Tuple.of(texts(released))));
        }
        return writes.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.combine().all().unis(writes).discardItems();
    }

    private static Uni<?> write(SqlConnection connection, String sql, Tuple arguments) {
        return connection.preparedQuery(sql).execute(arguments);
    }

    private static String[] texts(List<String> texts) {
        return texts.toArray(String[]::new);
    }
}
