package city.madang.payment.settlement;

import city.madang.contracts.AccountStanding;
import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.Outcome;
import city.madang.contracts.SettlementReceipt;
import city.madang.payment.chain.ChainConfig;
import city.madang.payment.chain.ChainMarks;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.ledger.Books;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings back what a chain lost: the payments that had settled in the lost blocks, by their own signed content, in the order in
 * which they had settled. It is safe because the contract takes each authorisation once, wherever it comes from; it is done only
 * where the configuration says so, and only when nothing but payments and account openings is missing. The books don't
 * change: what had settled has settled. Blocking.
 */
@ApplicationScoped
class Resettlement {

    private static final Logger LOG = Logger.getLogger(Resettlement.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final BatchStore store;
    private final AccountOpener accounts;
    private final ChainMarks marks;
    private final ChainConfig config;
    private final Pool pool;
    private final MeterRegistry meters;

    /** After which block what was lost could not be brought back; it is not tried again before the next start. */
    private @Nullable Long gaveUp;

    Resettlement(
            BatchStore store,
            AccountOpener accounts,
            ChainMarks marks,
            ChainConfig config,
            Pool pool,
            MeterRegistry meters) {
        this.store = store;
        this.accounts = accounts;
        this.marks = marks;
        this.config = config;
        this.pool = pool;
        this.meters = meters;
    }

    /** Whether all that was lost is there again. */
    boolean bringBack(LedgerState.RolledBack lost) {
        if (config.afterRollback() == ChainConfig.AfterRollback.STOP || Objects.equals(gaveUp, lost.kept())) {
            return false;
        }
        LedgerContract contract = lost.ledger().contract();
        long booked = number("select -available from account where id = '" + Books.ISSUANCE + "'");
        if (contract.supply() != booked) {
            gaveUp = lost.kept();
            LOG.errorf(
                    "not brought back: the contract's supply is %d, the books say %d; a mint is missing",
                    contract.supply(), booked);
            return false;
        }
        List<Batch> batches = store.settledAbove(lost.kept());
        LOG.warnf("bringing back %d batches that the chain lost after block %d", batches.size(), lost.kept());
        openMissing(lost.ledger(), batches);
        for (Batch batch : batches) {
            if (!settleAgain(lost.ledger(), batch)) {
                gaveUp = lost.kept();
                return false;
            }
        }
        store.forgetHashes();
        // what was given up in lost blocks is given up again
        pool.query("update cancelled_nonce set state = 'recorded' where state = 'done'")
                .execute()
                .await()
                .atMost(TIMEOUT);
        long head = contract.chain().blockNumber();
        marks.forgetAbove(lost.kept());
        contract.chain().blockHash(head).ifPresent(hash -> marks.agree(head, hash));
        return true;
    }

    /** Accounts that were opened in lost blocks are opened again; one whose key had been replaced needs people. */
    private void openMissing(LedgerState.Ready ledger, List<Batch> batches) {
        List<Bytes32> ids = batches.stream()
                .flatMap(batch -> batch.items().stream())
                .flatMap(item -> Stream.of(item.pay().from(), item.pay().to()))
                .distinct()
                .toList();
        List<Optional<AccountStanding>> found = ledger.contract()
                .reader(ledger.contract().chain().blockNumber())
                .accounts(ids);
        String[] missing = IntStream.range(0, ids.size())
                .filter(i -> found.get(i).isEmpty())
                .mapToObj(i -> ids.get(i).hex())
                .toArray(String[]::new);
        pool.preparedQuery(
                        "update account set state = 'opening' where id = any($1) and state = 'open' and key_version <= 1")
                .execute(Tuple.of(missing))
                .await()
                .atMost(TIMEOUT);
        while (accounts.openNext(ledger)) {
            // until all are open
        }
    }

    private boolean settleAgain(LedgerState.Ready ledger, Batch batch) {
        SettlementReceipt receipt = ledger.contract().settle(ledger.keys().operator(), batch.signed());
        while (!ledger.finality()
                .isFinal(receipt.blockNumber(), ledger.contract().chain()::blockNumber)) {
            sleep();
        }
        Map<Bytes32, Fate.Settled> places = new HashMap<>();
        for (Outcome outcome : receipt.outcomes()) {
            switch (outcome) {
                case Outcome.Settled(Bytes32 id, Bytes32 _, Bytes32 _, long _, Bytes32 _) ->
                    places.put(id, new Fate.Settled(receipt.transactionHash(), receipt.blockNumber()));
                case Outcome.Refused(Bytes32 id, var why) ->
                    // perhaps an earlier attempt brought it back
                    ledger.contract()
                            .settlementOf(id)
                            .ifPresentOrElse(
                                    found -> places.put(
                                            id, new Fate.Settled(found.transactionHash(), found.blockNumber())),
                                    () -> LOG.errorf("authorisation %s had settled and is refused now: %s", id, why));
            }
        }
        store.noteAgain(batch, places, receipt);
        meters.counter("madang.payment.resettled").increment(places.size());
        return places.size() == batch.items().size();
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopping", stopping);
        }
    }

    private long number(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .atMost(TIMEOUT)
                .iterator()
                .next()
                .getLong(0);
    }
}
