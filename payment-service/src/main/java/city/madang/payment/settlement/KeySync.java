package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerAccount;
import city.madang.contracts.LedgerContract;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Follows the contract's view of who may pay from an account: key and freeze can change there without this service. Blocking.
 */
@ApplicationScoped
class KeySync {

    private static final Logger LOG = Logger.getLogger(KeySync.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Pool pool;

    KeySync(Pool pool) {
        this.pool = pool;
    }

    /** Takes over the account's key and freeze from the contract. */
    void follow(LedgerContract contract, Bytes32 account) {
        contract.account(account).filter(found -> found.keyVersion() > 0).ifPresent(found -> {
            try {
                write(account, found);
            } catch (PgException refused) {
                // such as a key that another account has too: its owner can't pay from it, and the others go on
                LOG.errorf("the key of account %s can't be followed: %s", account, refused.getSqlState());
            }
        });
    }

    private void write(Bytes32 account, LedgerAccount found) {
        // an approved freeze counts here before the contract has it
        pool.preparedQuery("update account set x = $2, y = $3, key_version = $4, frozen = $5 or exists (select from"
                        + " freeze_order where account = $1 and action = 'freeze' and state = 'approved') where id"
                        + " = $1")
                .execute(Tuple.of(
                        account.hex(), found.x().hex(), found.y().hex(), (int) found.keyVersion(), found.frozen()))
                .await()
                .atMost(TIMEOUT);
    }
}
