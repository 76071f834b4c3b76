package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.LedgerAccount;
import city.madang.payment.chain.LedgerState;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/** Opens new accounts on the contract before anything settles on them. Blocking. */
@ApplicationScoped
class AccountOpener {

    private static final Logger LOG = Logger.getLogger(AccountOpener.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Accounts opened at once, one transaction each, mostly in the same block. */
    private static final int AT_ONCE = 32;

    /** Those that the contract refuses, so that they don't take the others' places until the next start. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    private final Pool pool;

    AccountOpener(Pool pool) {
        this.pool = pool;
    }

    private record Opening(Bytes32 id, Bytes32 x, Bytes32 y, long keyVersion) {}

    /** Opens those that wait; false when none did. */
    boolean openNext(LedgerState.Ready ledger) {
        List<Opening> waiting = waiting();
        if (waiting.isEmpty()) {
            return false;
        }
        List<String> opened = new ArrayList<>();
        RuntimeException failure = null;
        try (ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Boolean>> answers = waiting.stream()
                    .map(opening -> senders.submit(() -> open(ledger, opening)))
                    .toList();
            for (int i = 0; i < waiting.size(); i++) {
                try {
                    if (answers.get(i).get()) {
                        opened.add(waiting.get(i).id().hex());
                    }
                } catch (ExecutionException failed) {
                    failure = new IllegalStateException("an account could not be opened", failed.getCause());
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("stopping", stopping);
                }
            }
        }
        pool.preparedQuery("update account set state = 'open' where id = any($1)")
                .execute(Tuple.of(opened.toArray(String[]::new)))
                .await()
                .atMost(TIMEOUT);
        if (failure != null) {
            throw failure;
        }
        return !opened.isEmpty();
    }

    private List<Opening> waiting() {
        List<Opening> waiting = new ArrayList<>();
        pool.preparedQuery("select id, x, y, key_version from account where state = 'opening' and id <> all($1)"
                        + " order by created limit " + AT_ONCE)
                .execute(Tuple.of(refused.toArray(String[]::new)))
                .await()
                .atMost(TIMEOUT)
                .forEach(row -> waiting.add(new Opening(
                        new Bytes32(row.getString(0)), coordinate(row, 1), coordinate(row, 2), row.getInteger(3))));
        return waiting;
    }

    private static Bytes32 coordinate(Row row, int column) {
        String hex = row.getString(column);
        return hex == null ? Bytes32.ZERO : new Bytes32(hex);
    }

    private boolean open(LedgerState.Ready ledger, Opening opening) {
        try {
            ledger.contract().openAccount(ledger.keys().operator(), opening.id(), opening.x(), opening.y());
            return true;
        } catch (ChainException.Reverted refusal) {
            // perhaps a crash kept this service from noting that it is open
            Optional<LedgerAccount> there = ledger.contract().account(opening.id());
            // … and its key has been replaced since
            boolean ours = there.filter(found -> found.keyVersion() > opening.keyVersion()
                            || (Objects.equals(found.x(), opening.x()) && Objects.equals(found.y(), opening.y())))
                    .isPresent();
            if (!ours) {
                LOG.errorf("the contract refuses to open account %s: %s", opening.id(), refusal.error());
                refused.add(opening.id().hex());
            }
            return ours;
        }
    }
}
