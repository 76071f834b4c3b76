package city.madang.records.anchoring;

import city.madang.contracts.Bytes32;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What stands in the anchor contract, as far as this service has put it there. */
@ApplicationScoped
public class AnchorStore {

    private final Pool pool;
    private final Outbox outbox;

    AnchorStore(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** Where the contract is. */
    public record Contract(long chainId, String address) {}

    /**
     * A checkpoint in the contract.
     *
     * @param gasUsed by the transaction; empty for what was anchored before it was noted
     */
    public record Anchored(
            String agency,
            long size,
            Bytes32 root,
            String transactionHash,
            long blockNumber,
            Optional<Long> gasUsed,
            Instant anchored) {}

    private static final String COLUMNS = "agency, size, root, transaction_hash, block_number, gas_used, anchored";

    public Uni<Optional<Contract>> contract() {
        return pool.query("select chain_id, address from anchor_contract")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(row -> new Contract(row.getLong(0), row.getString(1))));
    }

    /** Keeps the first that is written; two replicas that deploy at once agree on one. */
    Uni<Contract> keep(Contract contract) {
        return pool.preparedQuery(
                        "insert into anchor_contract (chain_id, address) values ($1, $2) on conflict do nothing")
                .execute(Tuple.of(contract.chainId(), contract.address()))
                .chain(this::contract)
                .map(Optional::orElseThrow);
    }

    Uni<Boolean> has(String agency, long size) {
        return pool.preparedQuery("select 1 from anchor where agency = $1 and size = $2")
                .execute(Tuple.of(agency, size))
                .map(rows -> rows.size() > 0);
    }

    Uni<Void> keep(Anchored anchored) {
        Tuple row = Tuple.tuple()
                .addString(anchored.agency())
                .addLong(anchored.size())
                .addBuffer(Buffer.buffer(anchored.root().bytes()))
                .addString(anchored.transactionHash())
                .addLong(anchored.blockNumber())
                .addValue(anchored.gasUsed().orElse(null))
                .addOffsetDateTime(anchored.anchored().atOffset(java.time.ZoneOffset.UTC));
        Event event = Event.now(
                "checkpoint.anchored",
                anchored.agency(),
                new JsonObject()
                        .put("agency", anchored.agency())
                        .put("size", anchored.size())
                        .put("root", anchored.root().hex())
                        .put("transaction_hash", anchored.transactionHash()));
        return pool.withTransaction(connection -> connection
                .preparedQuery("insert into anchor (" + COLUMNS
                        + ") values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing")
                .execute(row)
                .chain(inserted -> inserted.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : outbox.add(connection, List.of(event))));
    }

    /** Anchors of a log, latest first, below {@code before}. */
    public Uni<List<Anchored>> list(String agency, long before, int limit) {
        return pool.preparedQuery("select " + COLUMNS + " from anchor"
                        + " where agency = $1 and size < $2 order by size desc limit $3")
                .execute(Tuple.of(agency, before, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(AnchorStore::anchored)
                        .toList());
    }

    /** The first anchor that covers the entry at {@code index}. */
    public Uni<Optional<Anchored>> covering(String agency, long index) {
        return pool.preparedQuery(
                        "select " + COLUMNS + " from anchor" + " where agency = $1 and size > $2 order by size limit 1")
                .execute(Tuple.of(agency, index))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(AnchorStore::anchored));
    }

    private static Anchored anchored(Row row) {
        return new Anchored(
                row.getString(0),
                row.getLong(1),
                Bytes32.of(row.getBuffer(2).getBytes()),
                row.getString(3),
                row.getLong(4),
                Optional.ofNullable(row.getLong(5)),
                row.getOffsetDateTime(6).toInstant());
    }
}
