package city.madang.payment.keys;

import city.madang.contracts.Bytes32;
import city.madang.contracts.KeyRotation;
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
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Takes new keys; settlement brings them to the contract, which checks the signature itself. */
@ApplicationScoped
class KeyRotations {

    private static final String FIND = "select x, y, key_version, frozen from account"
            + " where id = $1 and owner_kind = $2 and owner = $3 and x is not null";
    private static final String UNIQUE_VIOLATION = "23505";

    private final Pool pool;

    KeyRotations(Pool pool) {
        this.pool = pool;
    }

    /**
     * A new key that the present one names.
     *
     * @param account whose key it is to be
     * @param keyVersion the present key's
     * @param proof that the wallet holds the new key
     * @param signature the present key's over {@code RotateKey}, base64url of r ‖ s
     */
    record Wanted(Bytes32 account, long keyVersion, KeyProof proof, String signature) {

        KeyRotation rotation() {
            return new KeyRotation(account, keyVersion, Bytes32.of(proof.x()), Bytes32.of(proof.y()));
        }
    }

    /** Records it: from now on nothing new is accepted from the account until the contract has the key. */
    Uni<Void> record(Owner owner, String subject, Wanted wanted, Bytes32 separator) {
        String account = wanted.account().hex();
        return pool.withTransaction(connection -> SpentProofs.spend(
                                connection, subject, wanted.proof().jti())
                        .chain(() -> Books.lock(connection, List.of(account)))
                        .chain(() -> connection
                                .preparedQuery(FIND)
                                .execute(Tuple.of(account, owner.kind().text(), owner.name())))
                        .invoke(rows -> {
                            if (rows.size() == 0) {
                                throw CommonProblem.NOT_FOUND.with("no such account");
                            }
                            check(rows.iterator().next(), wanted, separator);
                        })
                        .chain(() -> insert(connection, wanted)))
                .onFailure(KeyRotations::isTaken)
                .transform(taken -> PaymentProblem.KEY_CHANGING.with("another new key of the account is on its way"));
    }

    private static boolean isTaken(Throwable failure) {
        return failure instanceof PgException refused && UNIQUE_VIOLATION.equals(refused.getSqlState());
    }

    private static void check(Row present, Wanted wanted, Bytes32 separator) {
        if (present.getInteger(2) != wanted.keyVersion()) {
            throw PaymentProblem.WRONG_KEY_VERSION.with("the present key has version " + present.getInteger(2));
        }
        if (present.getBoolean(3)) {
            throw PaymentProblem.FROZEN.with("a frozen account keeps its key");
        }
        boolean signed = P256.verify(
                P256.publicKey(
                        new Bytes32(present.getString(0)).unsigned(), new Bytes32(present.getString(1)).unsigned()),
                wanted.rotation().message(separator),
                Base64.getUrlDecoder().decode(wanted.signature()));
        if (!signed) {
            throw PaymentProblem.BAD_SIGNATURE.with("the present key has not signed exactly this new key");
        }
    }

    private static Uni<Void> insert(SqlConnection connection, Wanted wanted) {
        KeyRotation rotation = wanted.rotation();
        return connection
                .preparedQuery("insert into key_rotation (id, account, key_version, x, y, signature)"
                        + " select $1, $2, $3, $4, $5, $6 where not exists"
                        + " (select from account where x = $4 and y = $5)")
                .execute(Tuple.of(
                        UUID.randomUUID(),
                        rotation.account().hex(),
                        (int) rotation.keyVersion(),
                        rotation.newX().hex(),
                        rotation.newY().hex(),
                        wanted.signature()))
                .invoke(rows -> {
                    if (rows.rowCount() == 0) {
                        throw PaymentProblem.KEY_IN_USE.with("use a key of its own for each account");
                    }
                })
                .replaceWithVoid();
    }
}
