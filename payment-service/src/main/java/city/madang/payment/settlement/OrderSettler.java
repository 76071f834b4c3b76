package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.KeyRotation;
import city.madang.contracts.LedgerAccount;
import city.madang.contracts.P256Signature;
import city.madang.payment.chain.LedgerState;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/** Carries freezes and new keys to the contract. Each step can be repeated after a crash. Blocking. */
@ApplicationScoped
class OrderSettler {

    private static final Logger LOG = Logger.getLogger(OrderSettler.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Orders taken at once. */
    private static final int AT_ONCE = 50;

    private final Pool pool;
    private final KeySync keys;

    OrderSettler(Pool pool, KeySync keys) {
        this.pool = pool;
        this.keys = keys;
    }

    /** Freezes and unfreezes what was approved, in the order of approval. Freezing twice is freezing. */
    void freeze(LedgerState.Ready ledger) {
        for (Row row : rows("select o.id, o.account, o.action from freeze_order o join account a on a.id = o.account"
                + " where o.state = 'approved' and a.state <> 'opening' order by o.approved limit " + AT_ONCE)) {
            Bytes32 account = new Bytes32(row.getString(1));
            boolean freezes = row.getString(2).equals("freeze");
            if (freezes) {
                ledger.contract().freeze(ledger.keys().operator(), account);
            } else {
                ledger.contract().unfreeze(ledger.keys().operator(), account);
            }
            await(pool.preparedQuery("update freeze_order set state = 'done', done = now() where id = $1")
                    .execute(Tuple.of(row.getUUID(0))));
            keys.follow(ledger.contract(), account);
        }
    }

    /** Replaces keys, each once all that its present key had signed and was accepted has ended. */
    void replaceKeys(LedgerState.Ready ledger) {
        for (Row row : rows("select k.id, k.account, k.key_version, k.x, k.y, k.signature from key_rotation k"
                + " join account a on a.id = k.account where k.state = 'recorded' and a.state = 'open'"
                + " and not exists (select from transfer t where t.payer = k.account and t.state = 'accepted')"
                + " and not exists (select from transfer t where t.capturer = k.account and t.state = 'accepted')"
                + " order by k.created limit " + AT_ONCE)) {
            replaceKey(
                    ledger,
                    row.getUUID(0),
                    new KeyRotation(
                            new Bytes32(row.getString(1)),
                            row.getInteger(2),
                            new Bytes32(row.getString(3)),
                            new Bytes32(row.getString(4))),
                    row.getString(5));
        }
    }

    private void replaceKey(LedgerState.Ready ledger, UUID id, KeyRotation rotation, String signature) {
        if (!has(ledger, rotation)) {
            try {
                ledger.contract()
                        .rotateKey(
                                ledger.keys().operator(),
                                rotation,
                                P256Signature.of(Base64.getUrlDecoder().decode(signature)));
            } catch (ChainException.Reverted refused) {
                LOG.warnf("the contract refuses a new key of account %s: %s", rotation.account(), refused.error());
            }
        }
        boolean done = has(ledger, rotation);
        // the account's key first, then the end of its waiting: nothing is accepted in between
        keys.follow(ledger.contract(), rotation.account());
        await(pool.preparedQuery("update key_rotation set state = $2 where id = $1")
                .execute(Tuple.of(id, done ? "done" : "failed")));
    }

    /** Whether the contract has this key already, from this transaction or one before a crash. */
    private static boolean has(LedgerState.Ready ledger, KeyRotation rotation) {
        Optional<LedgerAccount> found = ledger.contract().account(rotation.account());
        return found.filter(account ->
                        account.x().equals(rotation.newX()) && account.y().equals(rotation.newY()))
                .isPresent();
    }

    private List<Row> rows(String sql) {
        return StreamSupport.stream(await(pool.query(sql).execute()).spliterator(), false)
                .toList();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }
}
