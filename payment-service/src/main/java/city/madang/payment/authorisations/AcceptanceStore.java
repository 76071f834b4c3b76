package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.payment.authorisations.KnownPayers.Asked;
import city.madang.payment.authorisations.KnownPayers.Payer;
import city.madang.payment.authorisations.KnownPayers.Signer;
import city.madang.payment.ledger.Books;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads and writes a batch of authorisations in a few pipelined statements of one transaction. */
@ApplicationScoped
class AcceptanceStore {

    /** The longest that a lane waits for the database. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    /**
     * One plan for a batch of any size: for batches of a few PostgreSQL would plan most of these statements anew each time, which costs several
     * times what they do.
     */
    private static final String PLANNED_ONCE = "select set_config('plan_cache_mode', 'force_generic_plan', true)";

    private static final String PAYERS =
            """
            select id, owner_kind, owner, key_version, frozen, available,
                   case when next_limits_from <= $2 then next_limit_payment else limit_payment end,
                   case when next_limits_from <= $2 then next_limit_day else limit_day end,
                   exists (select from key_rotation k where k.account = account.id and k.state = 'recorded'), x
              from account where id = any($1) and owner_kind <> 'system' order by id for no key update
            """;
    private static final String SPENT =
            """
            select payer, sum(coalesce(captured_amount, amount))::bigint
              from transfer where payer = any($1) and accepted >= $2 and state <> 'reversed' group by payer
            """;
    private static final String PAYEES = "select id from account where id = any($1) and id <> '" + Books.ISSUANCE + "'"
            // as the foreign keys do anyway; it keeps an account from being closed meanwhile
            + " and state <> 'closed' order by id for key share";
    private static final String CAPTURERS =
            """
            select p.id, c.id from unnest($1::text[], $2::text[]) u (payee, capturer)
              join account p on p.id = u.payee join account c on c.id = u.capturer
             where c.x is not null and c.state <> 'closed' and (c.owner_kind, c.owner) = (p.owner_kind, p.owner)
            """;
    private static final String BILLS =
            "select id, hash, payee, amount, amount - reserved, partial, cancelled is not null"
                    + " from bill where hash = any($1) order by id for no key update";
    private static final String REFUNDABLE =
            """
            select t.id, t.payer, r.owner_kind, r.owner, t.state = 'settled',
                   coalesce(t.captured_amount, t.amount) - t.refunded
              from transfer t join account r on r.id = t.payee
             where t.id = any($1) order by t.id for no key update of t
            """;
    private static final String ACCEPTED =
            "select id, accepted, captures_before, refund_of from transfer where id = any($1)";
    /**
     * What used a nonce before: the payment, or nothing where it was given up. Each is looked up by its key ("offset 0"), however many there
     * are.
     */
    private static final String NONCES =
            """
            select u.payer, u.nonce, t.id, t.accepted, t.captures_before, t.refund_of
              from unnest($1::text[], $2::text[]) u (payer, nonce)
             cross join lateral (select id, accepted, captures_before, refund_of
                                   from transfer where payer = u.payer and nonce = u.nonce offset 0) t
            union all
            select u.payer, u.nonce, null, null, null, null
              from unnest($1::text[], $2::text[]) u (payer, nonce)
             cross join lateral (select from cancelled_nonce where payer = u.payer and nonce = u.nonce offset 0) c
            """;

    private static final String KEYS =
            """
            select t.payer, t.client_key, t.id from unnest($1::text[], $2::text[]) u (payer, client_key)
              join transfer t on t.payer = u.payer and t.client_key = u.client_key
            """;
    private static final String INSERT =
            """
            insert into transfer (id, payer, key_version, payee, amount, bill_hash, bill, nonce,
                                  valid_after, valid_before, signature, accepted,
                                  state, captures_before, instalment, refund_of, client_key, capturer, traceparent)
            select u.id, u.payer, u.key_version, u.payee, u.amount, u.bill_hash, u.bill, u.nonce,
                   u.valid_after, u.valid_before, u.signature, $12,
                   case when u.captures_before is null then 'accepted' else 'held' end,
                   u.captures_before, u.instalment, u.refund_of, u.client_key, u.capturer, u.traceparent
              from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::bigint[], $6::text[], $7::uuid[],
                          $8::text[], $9::bigint[], $10::bigint[], $11::text[],
                          $13::bigint[], $14::boolean[], $15::text[], $16::text[], $17::text[], $18::text[])
                   with ordinality as u (id, payer, key_version, payee, amount, bill_hash, bill, nonce,
                                         valid_after, valid_before, signature,
                                         captures_before, instalment, refund_of, client_key, capturer, traceparent,
                                         place)
             order by u.place
            """;

    private final Pool pool;
    private final Outbox outbox;
    private final KnownPayers known = new KnownPayers();

    AcceptanceStore(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** The key with which something was verified is not its account's: what is remembered is out of date. */
    static final class KeyReplaced extends RuntimeException {

        private static final long serialVersionUID = 1L;

        KeyReplaced() {
            super("a key was replaced by another of the same version");
        }
    }

    /** Who may sign for this account, as far as that is remembered. */
    @Nullable
    Payer known(Asked asked) {
        return known.get(asked);
    }

    /** Who may sign for these accounts, as it was when it was last read; unknown ones are missing. */
    Uni<Map<Asked, Payer>> payers(Set<Asked> all) {
        Map<Asked, Payer> found = new HashMap<>();
        List<Asked> unknown = new ArrayList<>();
        for (Asked asked : all) {
            Payer payer = known.get(asked);
            if (payer == null) {
                unknown.add(asked);
            } else {
                found.put(asked, payer);
            }
        }
        if (unknown.isEmpty()) {
            return Uni.createFrom().item(found);
        }
        return pool.preparedQuery("select id, owner_kind, owner, key_version, x, y from account where id = any($1)")
                .execute(Tuple.of(texts(unknown.stream().map(Asked::account).distinct())))
                .map(rows -> {
                    Map<Bytes32, Payer> read = new HashMap<>();
                    rows.forEach(row -> read.put(new Bytes32(row.getString(0)), SnapshotRows.payer(row)));
                    read.forEach(known::add);
                    unknown.stream()
                            .filter(asked -> read.containsKey(asked.account()))
                            .forEach(asked -> found.put(asked, read.get(asked.account())));
                    return found;
                });
    }

    /** Reads anew who may sign for these accounts when it is next asked. */
    void forget(Set<Asked> payers) {
        known.forget(payers);
    }

    /** Those of these authorisations that have been accepted. */
    Uni<Map<Bytes32, Earlier>> accepted(List<Bytes32> ids) {
        return pool.preparedQuery(ACCEPTED)
                .execute(Tuple.of(texts(ids.stream())))
                .map(rows -> SnapshotRows.accepted(rows, 0));
    }

    /**
     * Decides the batch and writes what is accepted, all or nothing; one verdict each. Ids are distinct. Fails with {@link KeyReplaced} where
     * a signature was verified with a key that is not the account's.
     *
     * @param signers with whose keys the batch was verified
     * @param room won of payments at once that may be accepted
     */
    Uni<List<Verdict>> accept(List<Submission> batch, List<Signer> signers, Window window, Instant now, long room) {
        return pool.withTransaction(connection -> Uni.combine()
                .all()
                .unis(read(connection, PLANNED_ONCE, Tuple.tuple()), snapshot(connection, batch, window, now))
                .with((planned, snapshot) -> snapshot)
                .chain(snapshot -> {
                    if (signers.stream()
                            .anyMatch(one ->
                                    isReplaced(one.payer(), snapshot.payers().get(one.account())))) {
                        throw new KeyReplaced();
                    }
                    List<Verdict> verdicts = Judge.decide(batch, snapshot, window, now, room);
                    return write(connection, batch, verdicts, now).replaceWith(verdicts);
                }));
    }

    /** @param now the account as it is locked; null where there is none to pay */
    private static boolean isReplaced(Payer verified, Snapshot.@Nullable PayerState now) {
        return now != null && now.keyVersion() == verified.keyVersion() && !Objects.equals(now.keyX(), verified.x());
    }

    private static Uni<Snapshot> snapshot(
            SqlConnection connection, List<Submission> batch, Window window, Instant now) {
        String[] payers = texts(batch.stream().map(s -> s.pay().from()).distinct());
        // sent at once and run in this order: accounts, bills and payments are locked in this order everywhere, and the
        // answers after the locks see what others committed before them
        return Uni.combine()
                .all()
                .unis(
                        read(connection, PAYERS, Tuple.of(payers, now.atOffset(ZoneOffset.UTC))),
                        readIfAny(
                                connection,
                                PAYEES,
                                texts(batch.stream().map(s -> s.pay().to()).distinct())),
                        capturers(connection, batch),
                        readIfAny(
                                connection,
                                BILLS,
                                texts(batch.stream()
                                        .map(Submission::billReferred)
                                        .filter(hash -> !hash.isZero())
                                        .distinct())),
                        readIfAny(connection, REFUNDABLE, texts(batch.stream().flatMap(AcceptanceStore::refunded))),
                        read(
                                connection,
                                NONCES,
                                Tuple.of(
                                        texts(batch.stream().map(s -> s.pay().from())),
                                        texts(batch.stream()
                                                .map(s -> Bytes32.of(s.pay().nonce()))))),
                        clientKeys(connection, batch))
                .with(SnapshotRows::new)
                .chain(rows -> spent(connection, rows.payersWithDayLimit(), window.dayOf(now))
                        .map(rows::snapshot));
    }

    /** What payers whose owners set a limit for a day have spent in this one: few have one. */
    private static Uni<List<Row>> spent(SqlConnection connection, String[] payers, Instant day) {
        return payers.length == 0
                ? Uni.createFrom().item(List.of())
                : read(connection, SPENT, Tuple.of(payers, day.atOffset(ZoneOffset.UTC)));
    }

    private static Uni<List<Row>> capturers(SqlConnection connection, List<Submission> batch) {
        List<Submission> holds =
                batch.stream().filter(s -> s.terms().hold() != null).toList();
        return readIfAny(
                connection,
                CAPTURERS,
                texts(holds.stream().map(s -> s.pay().to())),
                texts(holds.stream().flatMap(AcceptanceStore::capturer)));
    }

    private static Uni<List<Row>> clientKeys(SqlConnection connection, List<Submission> batch) {
        List<Submission> keyed =
                batch.stream().filter(s -> s.terms().clientKey() != null).toList();
        return readIfAny(
                connection,
                KEYS,
                texts(keyed.stream().map(s -> s.pay().from())),
                keyed.stream().map(s -> s.terms().clientKey()).toArray(String[]::new));
    }

    private static Stream<Bytes32> refunded(Submission submission) {
        return Stream.ofNullable(submission.terms().refundOf());
    }

    private static Stream<Bytes32> capturer(Submission submission) {
        Terms.@Nullable Hold hold = submission.terms().hold();
        return hold == null ? Stream.empty() : Stream.of(hold.capturer());
    }

    /** @param columns of the same length; with nothing in them nothing is asked */
    private static Uni<List<Row>> readIfAny(SqlConnection connection, String sql, String[]... columns) {
        return columns[0].length == 0
                ? Uni.createFrom().item(List.of())
                : read(connection, sql, Tuple.from(Arrays.asList(columns)));
    }

    private static Uni<List<Row>> read(SqlConnection connection, String sql, Tuple arguments) {
        return connection.preparedQuery(sql).execute(arguments).map(rows -> StreamSupport.stream(
                        rows.spliterator(), false)
                .toList());
    }

    private Uni<Void> write(SqlConnection connection, List<Submission> batch, List<Verdict> verdicts, Instant now) {
        List<Submission> rows = new ArrayList<>();
        List<UUID> bills = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (verdicts.get(i) instanceof Verdict.Accepted(UUID bill)) {
                rows.add(batch.get(i));
                bills.add(bill);
                events.add(accepted(batch.get(i), bill));
            }
        }
        if (rows.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return Uni.combine()
                .all()
                .unis(connection.preparedQuery(INSERT).execute(tuple(rows, bills, now)), outbox.add(connection, events))
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
        tuple.addValue(rows.stream().map(s -> s.terms().holdUntil()).toArray(Long[]::new));
        tuple.addValue(rows.stream().map(s -> s.terms().instalmentOf() != null).toArray(Boolean[]::new));
        tuple.addValue(rows.stream().map(s -> hex(s.terms().refundOf())).toArray(String[]::new));
        tuple.addValue(rows.stream().map(s -> s.terms().clientKey()).toArray(String[]::new));
        tuple.addValue(rows.stream()
                .map(s -> capturer(s).findFirst().map(Bytes32::hex).orElse(null))
                .toArray(String[]::new));
        tuple.addValue(rows.stream().map(Submission::traceparent).toArray(String[]::new));
        return tuple;
    }

    private static Event accepted(Submission submission, @Nullable UUID bill) {
        JsonObject data = new JsonObject()
                .put("authorisation", submission.id().hex())
                .put("amount", submission.pay().amount());
        if (bill != null) {
            data.put("bill", bill.toString());
        }
        if (submission.terms().refundOf() != null) {
            data.put("refund_of", hex(submission.terms().refundOf()));
        }
        boolean held = submission.terms().hold() != null;
        return Event.now(
                        held ? "payment.held" : "payment.accepted",
                        submission.id().hex(),
                        data)
                .within(submission.traceparent());
    }

    private static @Nullable String hex(@Nullable Bytes32 value) {
        return value == null ? null : value.hex();
    }

    private static String[] texts(Stream<Bytes32> values) {
        return values.map(Bytes32::hex).toArray(String[]::new);
    }

    private static Long[] longs(List<Submission> rows, Function<Submission, Long> column) {
        return rows.stream().map(column).toArray(Long[]::new);
    }
}
