package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.Outcome;
import city.madang.contracts.RefusalReason;
import city.madang.contracts.SettlementReceipt;
import city.madang.payment.chain.LedgerState;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Carries transfers to the contract, a batch at a time: record, send, book. Each step can be repeated: a recorded batch is
 * asked for before it is sent again, the contract takes an authorisation once, and a batch is booked once. Blocking.
 */
@ApplicationScoped
class TransferSettler {

    private static final Logger LOG = Logger.getLogger(TransferSettler.class);

    /** Pause between two questions for a receipt. */
    private static final Duration POLL = Duration.ofMillis(100);

    private final BatchStore store;
    private final KeySync keys;
    private final SettlementConfig config;
    private final MeterRegistry meters;

    /** Smaller after a transaction that failed as a whole, so that what breaks it is found. */
    private int limit = LedgerContract.BATCH_MAX;

    TransferSettler(BatchStore store, KeySync keys, SettlementConfig config, MeterRegistry meters) {
        this.store = store;
        this.keys = keys;
        this.config = config;
        this.meters = meters;
    }

    /** Brings the batch that a crash left behind to its end, if there is one. */
    void recover(LedgerState.Ready ledger) {
        store.onItsWay().ifPresent(batch -> {
            LOG.infof(
                    "batch %d of %d was on its way; asking the chain",
                    batch.id(), batch.items().size());
            carry(ledger, batch);
        });
    }

    /** Books the batch that is on its way if the contract has taken it; sends nothing. */
    void bookSettled(LedgerState.Ready ledger) {
        store.onItsWay().ifPresent(batch -> Optional.ofNullable(batch.transactionHash())
                .flatMap(ledger.contract()::settled)
                .ifPresent(receipt -> book(ledger, batch, receipt)));
    }

    /** Settles the next batch; false when nothing waits or nothing of what waits could be decided yet. */
    boolean settleNext(LedgerState.Ready ledger) {
        return record().map(recorded -> carry(ledger, recorded)).orElse(false);
    }

    /** Step one: nothing is sent that is not recorded. */
    Optional<Batch> record() {
        return store.recordNext(limit);
    }

    /** Whether anything was decided. */
    private boolean carry(LedgerState.Ready ledger, Batch batch) {
        if (batch.items().isEmpty()) {
            // another settler booked them between two looks
            store.finish(batch, Map.of());
            return true;
        }
        SettlementReceipt receipt;
        try {
            receipt = earlier(ledger, batch).orElseGet(() -> send(ledger, batch));
        } catch (ChainException.Failed failed) {
            limit = Math.max(1, limit / 2);
            LOG.errorf("batch %d failed as a whole: %s; trying %d at a time", batch.id(), failed.getMessage(), limit);
            store.fail(batch);
            throw failed;
        }
        limit = LedgerContract.BATCH_MAX;
        return book(ledger, batch, receipt);
    }

    /** The receipt of what was perhaps sent before a crash. */
    private Optional<SettlementReceipt> earlier(LedgerState.Ready ledger, Batch batch) {
        String hash = batch.transactionHash();
        if (hash == null) {
            return Optional.empty();
        }
        Instant deadline = Instant.now().plus(config.patience());
        Optional<SettlementReceipt> receipt = ledger.contract().settled(hash);
        while (receipt.isEmpty() && Instant.now().isBefore(deadline)) {
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopping", stopping);
            }
            receipt = ledger.contract().settled(hash);
        }
        return receipt;
    }

    /** Step two. Sending again what is settled or still on its way is harmless: the contract refuses it, see {@link #fate}. */
    SettlementReceipt send(LedgerState.Ready ledger, Batch batch) {
        return ledger.contract().settle(ledger.keys().operator(), batch.signed(), hash -> store.noteHash(batch, hash));
    }

    /** Step three. */
    private boolean book(LedgerState.Ready ledger, Batch batch, SettlementReceipt receipt) {
        Map<Bytes32, Fate> fates = new HashMap<>();
        for (Outcome outcome : receipt.outcomes()) {
            fates.put(outcome.authorisation(), fate(ledger, outcome, receipt));
        }
        store.finish(batch, fates);
        Instant now = Instant.now();
        for (Batch.Item item : batch.items()) {
            switch (fates.getOrDefault(item.id(), new Fate.Released())) {
                case Fate.Settled _ -> {
                    meters.counter("madang.payment.settled").increment();
                    meters.timer("madang.payment.settlement.lag").record(Duration.between(item.accepted(), now));
                }
                case Fate.Reversed refused -> {
                    LOG.warnf("authorisation %s was reversed: %s", item.id(), refused.reason());
                    meters.counter("madang.payment.reversed", "reason", refused.reason())
                            .increment();
                    keys.follow(ledger.contract(), item.pay().from());
                }
                case Fate.Released _ -> LOG.debugf("authorisation %s waits for another batch", item.id());
            }
        }
        return fates.values().stream().anyMatch(fate -> !(fate instanceof Fate.Released));
    }

    /** A refusal of what another transaction has settled is no refusal. */
    private static Fate fate(LedgerState.Ready ledger, Outcome outcome, SettlementReceipt receipt) {
        return switch (outcome) {
            case Outcome.Settled _ -> new Fate.Settled(receipt.transactionHash(), receipt.blockNumber());
            case Outcome.Refused(Bytes32 id, RefusalReason why) ->
                ledger.contract()
                        .settlementOf(id)
                        .<Fate>map(found -> new Fate.Settled(found.transactionHash(), found.blockNumber()))
                        .orElseGet(() ->
                                why == RefusalReason.NOT_YET_VALID ? new Fate.Released() : new Fate.Reversed(why));
        };
    }
}
