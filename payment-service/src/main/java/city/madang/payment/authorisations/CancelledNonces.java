package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.contracts.NonceCancellation;
import city.madang.kit.p256.P256;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import city.madang.payment.ledger.Books;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Nonces that their payer gives up, so that what was signed with them is never accepted here. */
@ApplicationScoped
public class CancelledNonces {

    private final Pool pool;

    CancelledNonces(Pool pool) {
        this.pool = pool;
    }

    /** Gives up a nonce of the owner's account; a problem when an authorisation was accepted with it. Again changes nothing. */
    Uni<Void> cancel(Owner owner, String account, String nonce) {
        return pool.withTransaction(connection -> requireOwn(connection, owner, account)
                // accepting locks the account too, so one of the two comes first
                .chain(() -> Books.lock(connection, List.of(account)))
                .chain(() -> connection
                        .preparedQuery("insert into cancelled_nonce (payer, nonce) select $1, $2 where not exists"
                                + " (select from transfer where payer = $1 and nonce = $2)"
                                + " on conflict (payer, nonce) do update set nonce = excluded.nonce")
                        .execute(Tuple.of(account, nonce)))
                .invoke(written -> {
                    if (written.rowCount() == 0) {
                        throw PaymentProblem.NONCE_USED.with("an authorisation with this nonce was accepted");
                    }
                })
                .replaceWithVoid());
    }

    /**
     * A nonce that was given up.
     *
     * @param nonce decimal
     * @param cancelledAt when
     * @param onLedger {@code no} when it binds this service alone, {@code pending}, {@code yes}, {@code refused}
     */
    public record View(String nonce, Instant cancelledAt, String onLedger) {}

    /** Gives up a nonce here, and on the contract as the account's key signed. Again changes nothing. */
    Uni<View> cancel(Owner owner, NonceCancellation cancellation, String signature, Bytes32 separator) {
        String account = cancellation.account().hex();
        String nonce = Bytes32.of(cancellation.nonce()).hex();
        return pool.withTransaction(connection -> requireOwn(connection, owner, account)
                .chain(() -> Books.lock(connection, List.of(account)))
                .chain(() -> requireSigned(connection, cancellation, signature, separator))
                .chain(() -> connection
                        .preparedQuery("insert into cancelled_nonce (payer, nonce, key_version, signature, state)"
                                + " select $1, $2, $3, $4, 'recorded' where not exists"
                                + " (select from transfer where payer = $1 and nonce = $2)"
                                + " on conflict (payer, nonce) do update set key_version = excluded.key_version,"
                                + " signature = excluded.signature, state = case when cancelled_nonce.state = 'done'"
                                + " then 'done' else 'recorded' end")
                        .execute(Tuple.of(account, nonce, (int) cancellation.keyVersion(), signature)))
                .invoke(written -> {
                    if (written.rowCount() == 0) {
                        throw PaymentProblem.NONCE_USED.with("an authorisation with this nonce was accepted");
                    }
                })
                .chain(() -> find(connection, account, nonce)));
    }

    /** A nonce of the owner's account that was given up; 404 when it was not. */
    Uni<View> get(Owner owner, String account, String nonce) {
        return pool.withConnection(
                connection -> requireOwn(connection, owner, account).chain(() -> find(connection, account, nonce)));
    }

    private static Uni<View> find(SqlConnection connection, String account, String nonce) {
        return connection
                .preparedQuery("select cancelled, case state when 'recorded' then 'pending' when 'done' then 'yes'"
                        + " when 'refused' then 'refused' else 'no' end from cancelled_nonce"
                        + " where payer = $1 and nonce = $2")
                .execute(Tuple.of(account, nonce))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("the nonce was not given up");
                    }
                    Row row = rows.iterator().next();
                    return new View(
                            new Bytes32(nonce).unsigned().toString(),
                            row.getOffsetDateTime(0).toInstant(),
                            row.getString(1));
                });
    }

    private static Uni<Void> requireSigned(
            SqlConnection connection, NonceCancellation cancellation, String signature, Bytes32 separator) {
        return connection
                .preparedQuery("select x, y, key_version from account where id = $1 and x is not null")
                .execute(Tuple.of(cancellation.account().hex()))
                .invoke(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("no such account");
                    }
                    Row row = rows.iterator().next();
                    if (row.getInteger(2) != cancellation.keyVersion()) {
                        throw PaymentProblem.WRONG_KEY_VERSION.with("the key has version " + row.getInteger(2));
                    }
                    boolean signed = P256.verify(
                            P256.publicKey(
                                    new Bytes32(row.getString(0)).unsigned(), new Bytes32(row.getString(1)).unsigned()),
                            cancellation.message(separator),
                            Base64.getUrlDecoder().decode(signature));
                    if (!signed) {
                        throw PaymentProblem.BAD_SIGNATURE.with("the account's key has not signed exactly this");
                    }
                })
                .replaceWithVoid();
    }

    private static Uni<Void> requireOwn(SqlConnection connection, Owner owner, String account) {
        return connection
                .preparedQuery("select from account where id = $1 and owner_kind = $2 and owner = $3")
                .execute(Tuple.of(account, owner.kind().text(), owner.name()))
                .invoke(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("no such account");
                    }
                })
                .replaceWithVoid();
    }
}
