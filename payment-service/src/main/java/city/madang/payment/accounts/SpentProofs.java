package city.madang.payment.accounts;

import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;

/** Key proofs are good for one request. */
public final class SpentProofs {

    private SpentProofs() {}

    /** Notes that a subject's proof was used; a problem when it was used before. */
    public static Uni<Void> spend(SqlClient connection, String subject, String jti) {
        return connection
                .preparedQuery("insert into account_proof (subject, jti) values ($1, $2) on conflict do nothing")
                .execute(Tuple.of(subject, jti))
                .invoke(rows -> {
                    if (rows.rowCount() == 0) {
                        throw PaymentProblem.PROOF_REPLAYED.with("make a new proof with a new jti");
                    }
                })
                .replaceWithVoid();
    }
}
