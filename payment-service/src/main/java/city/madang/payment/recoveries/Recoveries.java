package city.madang.payment.recoveries;

import city.madang.contracts.Bytes32;
import city.madang.contracts.RecoveryVeto;
import city.madang.kit.p256.P256;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.KeyProof;
import city.madang.payment.accounts.Owner;
import city.madang.payment.accounts.SpentProofs;
import city.madang.payment.ledger.Books;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Recoveries in the database, which says who asked, proposed and approved; the contract decides. Each change locks the recovery's
 * row first.
 */
@ApplicationScoped
class Recoveries {

    private static final String COLUMNS = "r.id, r.account, r.state, r.key_version, r.x, r.y, r.number, r.approvals,"
            + " r.approvals_needed, r.ready_at, r.requested";

    private static final String LOCK = "select " + COLUMNS + ", r.proposed_by, a.owner_kind, a.owner, a.x, a.y,"
            + " a.key_version, r.ready_at <= extract(epoch from now()) from recovery r"
            + " join account a on a.id = r.account where r.id = $1 for update of r";

    private static final int PROPOSED_BY = 11;
    private static final int OWNER_KIND = 12;
    private static final int OWNER = 13;
    private static final int PRESENT_X = 14;
    private static final int PRESENT_Y = 15;
    private static final int PRESENT_VERSION = 16;
    private static final int IS_READY = 17;

    private final Pool pool;

    Recoveries(Pool pool) {
        this.pool = pool;
    }

    /** Asks for a new key of the owner's account. It replaces what was asked before and not yet proposed. */
    Uni<RecoveryView> request(Owner owner, String subject, String account, KeyProof proof) {
        String x = Bytes32.of(proof.x()).hex();
        String y = Bytes32.of(proof.y()).hex();
        return pool.withTransaction(connection -> SpentProofs.spend(connection, subject, proof.jti())
                .chain(() -> Books.lock(connection, List.of(account)))
                .chain(() -> connection
                        .preparedQuery("select key_version, exists (select from account b where b.x = $4 and b.y = $5),"
                                + " exists (select from recovery r where r.account = account.id and r.state in"
                                + " ('proposed', 'approved')) from account where id = $1 and owner_kind = $2 and"
                                + " owner = $3 and x is not null and state <> 'closed'")
                        .execute(Tuple.of(account, owner.kind().text(), owner.name(), x, y)))
                .map(rows -> one(rows, "no such account"))
                .invoke(Recoveries::requireFree)
                .call(() -> connection
                        .preparedQuery("update recovery set state = 'overtaken', ended = now()"
                                + " where account = $1 and state = 'requested'")
                        .execute(Tuple.of(account)))
                .chain(found -> connection
                        .preparedQuery("insert into recovery as r (id, account, key_version, x, y)"
                                + " values ($1, $2, $3, $4, $5) returning " + COLUMNS)
                        .execute(Tuple.of(UUID.randomUUID(), account, found.getInteger(0), x, y)))
                .map(rows -> view(rows.iterator().next())));
    }

    private static void requireFree(Row account) {
        if (account.getBoolean(1)) {
            throw PaymentProblem.KEY_IN_USE.with("use a key of its own for each account");
        }
        if (account.getBoolean(2)) {
            throw PaymentProblem.RECOVERY_OPEN.with("it must end before another is asked for");
        }
    }

    /**
     * Proposes what the owner asked for, in the name of the identity authority.
     *
     * @param holder whose identity the officer has proofed: a citizen's {@code sub} or an agency
     */
    Uni<RecoveryView> propose(String officer, UUID id, String holder) {
        return change(id, (connection, row) -> {
            if (officer.equals(row.getString(PROPOSED_BY))) {
                return Uni.createFrom().item(view(row));
            }
            requireState(row, Set.of("requested"));
            if (!holder.equals(row.getString(OWNER))) {
                throw PaymentProblem.HOLDER_MISMATCH.with(
                        PaymentProblem.HOLDER_MISMATCH.meaning().when());
            }
            if (officer.equals(holder)) {
                throw PaymentProblem.SAME_OFFICER.with("nobody proposes the recovery of an account of one's own");
            }
            requirePresentKey(row);
            return write(
                    connection,
                    "update recovery r set state = 'proposed', proposed_by = $2, proposed = now() where id = $1",
                    Tuple.of(id, officer));
        });
    }

    /** Approves in the name of an agency, once for each; another officer than the one who proposed. */
    Uni<RecoveryView> approve(String officer, String agency, UUID id) {
        return change(id, (connection, row) -> {
            requireState(row, Set.of("proposed", "approved"));
            if (officer.equals(row.getString(PROPOSED_BY))) {
                throw PaymentProblem.SAME_OFFICER.with("the proposer can't approve");
            }
            return connection
                    .preparedQuery("insert into recovery_approval (recovery, agency, officer) values ($1, $2, $3)"
                            + " on conflict do nothing")
                    .execute(Tuple.of(id, agency, officer))
                    .replaceWith(() -> view(row));
        });
    }

    /** Takes the present key's veto, which the contract checks again. */
    Uni<RecoveryView> veto(Owner owner, UUID id, long keyVersion, String signature, Bytes32 separator) {
        return change(id, (connection, row) -> {
            requireOwn(row, owner);
            requireState(row, Set.of("proposed", "approved"));
            Integer number = row.getInteger(6);
            if (number == null) {
                throw PaymentProblem.RECOVERY_NOT_READY.with("the contract has no number for it yet");
            }
            if (keyVersion != row.getInteger(PRESENT_VERSION)) {
                throw PaymentProblem.WRONG_KEY_VERSION.with(
                        "the present key has version " + row.getInteger(PRESENT_VERSION));
            }
            RecoveryVeto veto = new RecoveryVeto(
                    new Bytes32(row.getString(1)),
                    keyVersion,
                    number,
                    new Bytes32(row.getString(4)),
                    new Bytes32(row.getString(5)));
            boolean signed = P256.verify(
                    P256.publicKey(
                            new Bytes32(row.getString(PRESENT_X)).unsigned(),
                            new Bytes32(row.getString(PRESENT_Y)).unsigned()),
                    veto.message(separator),
                    Base64.getUrlDecoder().decode(signature));
            if (!signed) {
                throw PaymentProblem.BAD_SIGNATURE.with("the present key has not signed exactly this veto");
            }
            return write(
                    connection,
                    "update recovery r set veto_signature = $2, finish_wanted = null where id = $1",
                    Tuple.of(id, signature));
        });
    }

    /** Takes it back in the name of the identity authority. */
    Uni<RecoveryView> withdraw(String officer, UUID id) {
        return change(id, (connection, row) -> {
            requireState(row, Set.of("requested", "proposed", "approved"));
            boolean known = row.getString(2).equals("requested");
            return write(
                    connection,
                    "update recovery r set withdrawn_by = $2, finish_wanted = null"
                            + (known ? ", state = 'withdrawn', ended = now()" : "") + " where id = $1",
                    Tuple.of(id, officer));
        });
    }

    /**
     * Asks for the new key once the delay has passed.
     *
     * @param owner whose account it must be; null for the identity authority
     */
    Uni<RecoveryView> finish(@Nullable Owner owner, UUID id) {
        return change(id, (connection, row) -> {
            if (owner != null) {
                requireOwn(row, owner);
            }
            requireState(row, Set.of("approved"));
            if (!Boolean.TRUE.equals(row.getBoolean(IS_READY))) {
                throw PaymentProblem.RECOVERY_NOT_READY.with("its delay has not passed");
            }
            return write(
                    connection,
                    "update recovery r set finish_wanted = coalesce(finish_wanted, now()) where id = $1"
                            + " and veto_signature is null and withdrawn_by is null",
                    Tuple.of(id));
        });
    }

    /** One of them; 404 when there is none. */
    Uni<RecoveryView> get(UUID id) {
        return pool.preparedQuery("select " + COLUMNS + " from recovery r where r.id = $1")
                .execute(Tuple.of(id))
                .map(rows -> view(one(rows, "no such recovery")));
    }

    /** What was proposed and has not ended, or all that was ever proposed for an account; in order of ids, after one of them. */
    Uni<List<RecoveryView>> list(@Nullable String account, @Nullable UUID after, int limit) {
        return pool.preparedQuery("select " + COLUMNS + " from recovery r where proposed is not null"
                        + " and ($1::text is null and state in ('proposed', 'approved') or account = $1)"
                        + " and ($2::uuid is null or id > $2) order by id limit $3")
                .execute(Tuple.of(account, after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Recoveries::view)
                        .toList());
    }

    private interface Change {
        Uni<RecoveryView> of(SqlConnection connection, Row row);
    }

    private Uni<RecoveryView> change(UUID id, Change change) {
        return pool.withTransaction(connection -> connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(id))
                .map(rows -> one(rows, "no such recovery"))
                .chain(row -> change.of(connection, row)));
    }

    private static Uni<RecoveryView> write(SqlConnection connection, String update, Tuple arguments) {
        return connection
                .preparedQuery(update + " returning " + COLUMNS)
                .execute(arguments)
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.CONFLICT.with("it was vetoed or withdrawn");
                    }
                    return view(rows.iterator().next());
                });
    }

    private static void requireState(Row row, Set<String> states) {
        if (!states.contains(row.getString(2))) {
            throw CommonProblem.CONFLICT.with("the recovery is " + row.getString(2));
        }
    }

    private static void requirePresentKey(Row row) {
        if (!row.getInteger(3).equals(row.getInteger(PRESENT_VERSION))) {
            throw PaymentProblem.WRONG_KEY_VERSION.with("the account's key was replaced since it was asked for");
        }
    }

    private static void requireOwn(Row row, Owner owner) {
        if (!owner.kind().text().equals(row.getString(OWNER_KIND))
                || !owner.name().equals(row.getString(OWNER))) {
            throw CommonProblem.NOT_FOUND.with("no such recovery of an account of yours");
        }
    }

    private static Row one(RowSet<Row> rows, String otherwise) {
        if (rows.size() == 0) {
            throw CommonProblem.NOT_FOUND.with(otherwise);
        }
        return rows.iterator().next();
    }

    private static RecoveryView view(Row row) {
        return new RecoveryView(
                row.getUUID(0).toString(),
                row.getString(1),
                row.getString(2),
                row.getInteger(3),
                new RecoveryView.Point(row.getString(4), row.getString(5)),
                row.getInteger(6),
                row.getInteger(7),
                row.getInteger(8),
                row.getLong(9),
                row.getOffsetDateTime(10).toInstant());
    }
}
