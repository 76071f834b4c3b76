package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.p256.P256;
import city.madang.payment.accounts.Owner;
import city.madang.payment.authorisations.Snapshot.BillState;
import city.madang.payment.authorisations.Snapshot.PayerState;
import city.madang.payment.authorisations.Snapshot.UsedNonce;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and writes a batch of authorisations in a few pipelined statements of one transaction. */
@ApplicationScoped
class AcceptanceStore {

    private static final String PAYERS = "select id, owner_kind, owner, key_version, frozen, available from account"
            + " where id = any($1) and owner_kind <> 'system' order by id for no key update";
    private static final String PAYEES = "select id from account where id = any($1) and owner_kind <> 'system'";
    private static final String BILLS =
            "select id, hash, payee, amount, state from bill where hash = any($1) order by id for no key update";
    private static final String ACCEPTED = "select id, accepted from transfer where id = any($1)";
    private static final String NONCES = "select t.payer, t.nonce from unnest($1::text[], $2::text[]) u (payer, nonce)"
            + " join transfer t on t.payer = u.payer and t.nonce = u.nonce";
    private static final String INSERT =
            """
            with t as (
                insert into transfer (id, payer, key_version, payee, amount, bill_hash, bill, nonce,
                                      valid_after, valid_before, signature, accepted)
                select u.id, u.payer, u.key_version, u.payee, u.amount, u.bill_hash, u.bill, u.nonce,
                       u.valid_after, u.valid_before, u.signature, $12
                  from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::bigint[], $6::text[], $7::uuid[],
                              $8::text[], $9::bigint[], $10::bigint[], $11::text[])
                       with ordinality as u (id, payer, key_version, payee, amount, bill_hash, bill, nonce,
                                             valid_after, valid_before, signature, place)
                 order by u.place
                returning id, payer, amount),
            e as (insert into entry (kind, transfer) select 'acceptance', id from t returning id, transfer)
            insert into posting (entry, account, bucket, amount)
            select e.id, t.payer, side.bucket, side.sign * t.amount
              from e join t on t.id = e.transfer
             cross join (values ('available', -1), ('held', 1)) side (bucket, sign)
            """;
    private static final String PAYING = "update bill set state = 'paying' where id = any($1)";

    private final Pool pool;
    private final Outbox outbox;

    AcceptanceStore(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /**
     * Who may sign for an account.
     *
     * @param owner whose it is
     * @param keyVersion 0 without a key
     * @param key null without a key
     */
    record Payer(Owner owner, long keyVersion, @Nullable ECPublicKey key) {}

    /** Who may sign for these accounts; unknown ones are missing. */
    Uni<Map<Bytes32, Payer>> payers(Set<Bytes32> accounts) {
        return pool.preparedQuery("select id, owner_kind, owner, key_version, x, y from account where id = any($1)")
                .execute(Tuple.of(texts(accounts.stream())))
                .map(rows -> {
                    Map<Bytes32, Payer> payers = new HashMap<>();
                    for (Row row : rows) {
                        String x = row.getString(4);
                        ECPublicKey key = x == null
                                ? null
                                : P256.publicKey(new Bytes32(x).unsigned(), new Bytes32(row.getString(5)).unsigned());
                        payers.put(
                                new Bytes32(row.getString(0)),
                                new Payer(owner(row.getString(1), row.getString(2)), row.getInteger(3), key));
                    }
                    return payers;
                });
    }

    private static Owner owner(String kind, String name) {
        return kind.equals(Owner.Kind.AGENCY.text()) ? Owner.agency(name) : Owner.citizen(name);
    }

    /** When those of these authorisations that have been accepted were. */
    Uni<Map<Bytes32, Instant>> accepted(List<Bytes32> ids) {
        return pool.preparedQuery(ACCEPTED)
                .execute(Tuple.of(texts(ids.stream())))
                .map(AcceptanceStore::accepted);
    }

    private static Map<Bytes32, Instant> accepted(RowSet<Row> rows) {
        Map<Bytes32, Instant> accepted = new HashMap<>();
        rows.forEach(row -> accepted.put(
                new Bytes32(row.getString(0)), row.getOffsetDateTime(1).toInstant()));
        return accepted;
    }

    /** Decides the batch and writes what is accepted, all or nothing; one verdict each. Ids are distinct. */
    Uni<List<Verdict>> accept(List<Submission> batch, Window window, Instant now) {
        return pool.withTransaction(connection -> snapshot(connection, batch).chain(snapshot -> {
            List<Verdict> verdicts = Judge.decide(batch, snapshot, window, now);
            return write(connection, batch, verdicts, now).replaceWith(verdicts);
        }));
    }

    private static Uni<Snapshot> snapshot(SqlConnection connection, List<Submission> batch) {
        // sent at once and run in this order: the answers after the locks see what others committed before them
        return Uni.combine()
                .all()
                .unis(
                        read(connection, PAYERS, batch, s -> s.pay().from()),
                        read(connection, PAYEES, batch, s -> s.pay().to()),
                        read(connection, BILLS, batch, s -> s.pay().billHash()),
                        read(connection, ACCEPTED, batch, Submission::id),
                        connection
                                .preparedQuery(NONCES)
                                .execute(Tuple.of(
                                        texts(batch.stream().map(s -> s.pay().from())),
                                        texts(batch.stream()
                                                .map(s -> Bytes32.of(s.pay().nonce()))))))
                .with(AcceptanceStore::snapshot);
    }

    private static Snapshot snapshot(
            RowSet<Row> payerRows,
            RowSet<Row> payeeRows,
            RowSet<Row> billRows,
            RowSet<Row> acceptedRows,
            RowSet<Row> nonceRows) {
        Map<Bytes32, PayerState> payers = new HashMap<>();
        for (Row row : payerRows) {
            payers.put(
                    new Bytes32(row.getString(0)),
                    new PayerState(
                            owner(row.getString(1), row.getString(2)),
                            row.getInteger(3),
                            row.getBoolean(4),
                            row.getLong(5)));
        }
        Set<Bytes32> payees = new HashSet<>();
        payeeRows.forEach(row -> payees.add(new Bytes32(row.getString(0))));
        Map<Bytes32, BillState> bills = new HashMap<>();
        for (Row row : billRows) {
            bills.put(
                    new Bytes32(row.getString(1)),
                    new BillState(row.getUUID(0), new Bytes32(row.getString(2)), row.getLong(3), row.getString(4)));
        }
        Set<UsedNonce> nonces = new HashSet<>();
        nonceRows.forEach(row ->
                nonces.add(new UsedNonce(new Bytes32(row.getString(0)), new Bytes32(row.getString(1)).unsigned())));
        return new Snapshot(payers, payees, bills, accepted(acceptedRows), nonces);
    }

    private Uni<Void> write(SqlConnection connection, List<Submission> batch, List<Verdict> verdicts, Instant now) {
        List<Submission> rows = new ArrayList<>();
        List<UUID> bills = new ArrayList<>();
        List<UUID> billsPaid = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (verdicts.get(i) instanceof Verdict.Accepted(UUID bill)) {
                rows.add(batch.get(i));
                bills.add(bill);
                if (bill != null) {
                    billsPaid.add(bill);
                }
                events.add(accepted(batch.get(i), verdicts.get(i)));
            }
        }
        if (rows.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return Uni.combine()
                .all()
                .unis(
                        connection.preparedQuery(INSERT).execute(tuple(rows, bills, now)),
                        connection.preparedQuery(PAYING).execute(Tuple.of(billsPaid.toArray(UUID[]::new))),
                        outbox.add(connection, events))
                .discardItems();
    }

    private static Tuple tuple(List<Submission> rows, List<UUID> bills, Instant now) {
        Tuple tuple = Tuple.tuple();
        tuple.addValue(texts(rows.stream().map(Submission::id)));
        tuple.addValue(texts(rows.stream().map(s -> s.pay().from())));
        tuple.addValue(rows.stream().map(s -> (int) s.pay().keyVersion()).toArray(Integer[]::new));
        tuple.addValue(texts(rows.stream().map(s -> s.pay().to())));
        tuple.addValue(longs(rows, s -> s.pay().amount()));
        tuple.addValue(texts(rows.stream().map(s -> s.pay().billHash())));
        tuple.addValue(bills.toArray(UUID[]::new));
        tuple.addValue(texts(rows.stream().map(s -> Bytes32.of(s.pay().nonce()))));
        tuple.addValue(longs(rows, s -> s.pay().validAfter()));
        tuple.addValue(longs(rows, s -> s.pay().validBefore()));
        tuple.addValue(rows.stream().map(Submission::signature).toArray(String[]::new));
        tuple.addValue(now.atOffset(ZoneOffset.UTC));
        return tuple;
    }

    private static Event accepted(Submission submission, Verdict verdict) {
        JsonObject data = new JsonObject()
                .put("authorisation", submission.id().hex())
                .put("amount", submission.pay().amount());
        if (verdict instanceof Verdict.Accepted(UUID bill) && bill != null) {
            data.put("bill", bill.toString());
        }
        return Event.now("payment.accepted", submission.id().hex(), data);
    }

    private static Uni<RowSet<Row>> read(
            SqlConnection connection, String sql, List<Submission> batch, Function<Submission, Bytes32> column) {
        return connection
                .preparedQuery(sql)
                .execute(Tuple.of(texts(batch.stream().map(column).distinct())));
    }

    private static String[] texts(Stream<Bytes32> values) {
        return values.map(Bytes32::hex).toArray(String[]::new);
    }

    private static Long[] longs(List<Submission> rows, Function<Submission, Long> column) {
        return rows.stream().map(column).toArray(Long[]::new);
    }
}
