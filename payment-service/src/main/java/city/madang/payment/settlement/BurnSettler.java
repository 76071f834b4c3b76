package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.LedgerBurn;
import city.madang.contracts.LedgerContract;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.ledger.Books;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries approved redemptions to the contract, as {@link TreasurySettler} does with mints: the contract is asked first how far
 * one has come. Blocking.
 */
@ApplicationScoped
class BurnSettler {

    private static final Logger LOG = Logger.getLogger(BurnSettler.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Redemptions taken at once. */
    private static final int AT_ONCE = 50;

    /** Refusals that say that a transaction, ours or another process's, was faster: the next turn finds it burned. */
    private static final Set<String> OVERTAKEN = Set.of("BadBurn", "BurnNotProposed");

    private final Pool pool;

    BurnSettler(Pool pool) {
        this.pool = pool;
    }

    /** Burns what waits. */
    void settle(LedgerState.Ready ledger) {
        for (Row row : approved()) {
            burn(ledger, row.getUUID(0), row.getLong(1));
        }
    }

    /** Books what the contract has burned already; sends nothing. */
    void bookBurned(LedgerState.Ready ledger) {
        for (Row row : approved()) {
            bookIfBurned(ledger.contract(), row.getUUID(0), row.getLong(1));
        }
    }

    private List<Row> approved() {
        List<Row> rows = new ArrayList<>();
        await(pool.query("select id, amount from redemption where state = 'approved' order by approved limit "
                                + AT_ONCE)
                        .execute())
                .forEach(rows::add);
        return rows;
    }

    private void burn(LedgerState.Ready ledger, UUID id, long amount) {
        LedgerContract contract = ledger.contract();
        if (bookIfBurned(contract, id, amount)) {
            return;
        }
        Bytes32 burnId = TreasurySettler.chainId(id);
        try {
            if (contract.burn(burnId).isEmpty()) {
                contract.proposeBurn(ledger.keys().treasurerA(), burnId, amount);
            }
            contract.approveBurn(ledger.keys().treasurerB(), burnId);
        } catch (ChainException.Reverted refused) {
            if (OVERTAKEN.contains(refused.error())) {
                LOG.warnf("redemption %s is on its way in another transaction", id);
            } else {
                LOG.errorf("the contract refuses redemption %s: %s", id, refused.error());
                fail(id);
            }
            return;
        }
        bookIfBurned(contract, id, amount);
    }

    /** Books the redemption if the contract has burned it, in whichever transaction; false when it has not. */
    private boolean bookIfBurned(LedgerContract contract, UUID id, long amount) {
        Bytes32 burnId = TreasurySettler.chainId(id);
        LedgerBurn known = contract.burn(burnId).orElse(null);
        if (known != null && known.amount() != amount) {
            LOG.errorf("the contract has another burn under %s", burnId);
            fail(id);
            return true;
        }
        if (known == null || !known.done()) {
            return false;
        }
        book(id, contract.burnedIn(burnId).orElse(null));
        return true;
    }

    private void book(UUID id, @Nullable String hash) {
        await(pool.withTransaction(connection -> Books.lock(connection, List.of(Books.ISSUANCE, Books.REDEMPTION))
                .chain(() -> connection
                        .preparedQuery("with r as (update redemption set state = 'settled', transaction_hash = $2"
                                + " where id = $1 and state = 'approved' returning amount)"
                                + " update treasury set committed = committed - r.amount from r")
                        .execute(Tuple.of(id, hash)))));
    }

    private void fail(UUID id) {
        await(pool.preparedQuery("update redemption set state = 'failed' where id = $1 and state = 'approved'")
                .execute(Tuple.of(id)));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }
}
