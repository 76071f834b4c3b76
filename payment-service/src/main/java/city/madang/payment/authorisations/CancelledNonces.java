package city.madang.payment.authorisations;

import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import city.madang.payment.ledger.Books;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
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
