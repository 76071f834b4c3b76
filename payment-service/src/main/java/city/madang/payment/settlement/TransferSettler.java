package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.ChainSender;
import city.madang.contracts.Fee;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.Outcome;
import city.madang.contracts.RefusalReason;
import city.madang.contracts.SettlementReceipt;
import city.madang.contracts.SignedTransaction;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.chain.LedgerState;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Carries transfers to the contract in batches, several on their way at once: record, send, wait until it is final, book, in the
 * order in which they were recorded. Each step can be repeated: a recorded batch is asked for before it is sent again, the
 * contract takes an authorisation once, and a batch is booked once.
 *
 * <p>Transaction numbers leave no gap that lasts: when the first batch does not land, all that are on their way are signed anew with
 * the numbers that follow the chain's own count, each offering more than before, so that they take the place of what waits
 * too low or was lost. Blocking.
 */
@ApplicationScoped
class TransferSettler {

    private static final Logger LOG = Logger.getLogger(TransferSettler.class);

    /** How long batches are recorded in one turn, so that the other work has its turn too. */
    private static final Duration TURN = Duration.ofSeconds(2);

    /** How often a batch is signed anew in one turn before the turn ends and others have theirs. */
    private static final int REISSUES_MAX = 5;

    private final BatchStore store;
    private final KeySync keys;
    private final LedgerGate gate;
    private final SettlementConfig config;
    private final MeterRegistry meters;
    private final SettlementSpans spans;
    private final AtomicInteger flying = new AtomicInteger();

    TransferSettler(
            BatchStore store,
            KeySync keys,
            LedgerGate gate,
            SettlementConfig config,
            MeterRegistry meters,
            SettlementSpans spans) {
        this.store = store;
        this.keys = keys;
        this.gate = gate;
        this.config = config;
        this.meters = meters;
        this.spans = spans;
        meters.gauge("madang.payment.settlement.in.flight", flying);
    }

    /** Books the batches that are on their way if the contract has taken them; sends nothing. */
    void bookSettled(LedgerState.Ready ledger) {
        for (Batch batch : store.onTheirWay()) {
            Flight flight = new Flight(batch);
            landed(ledger, flight).ifPresent(receipt -> book(ledger, flight, receipt));
        }
    }

    /**
     * Settles what waits, beginning with what an earlier turn or a crash left on its way; returns when nothing is on its way any
     * more.
     *
     * @param stopped asked before anything new is begun
     * @return whether more may wait, for which this turn had no time
     */
    boolean settle(LedgerState.Ready ledger, BooleanSupplier stopped) {
        try (Flights flights = new Flights()) {
            return settle(ledger, flights, stopped);
        }
    }

    private boolean settle(LedgerState.Ready ledger, Flights flights, BooleanSupplier stopped) {
        for (Batch batch : store.onTheirWay()) {
            if (batch.items().isEmpty()) {
                // another settler booked them between two looks
                store.finish(batch, Map.of(), null);
            } else {
                flights.add(new Flight(batch));
            }
        }
        if (flights.size() > 0) {
            LOG.infof("%d batches were on their way; asking the chain", flights.size());
            reissueUnsent(ledger, flights.all());
        }
        Numbers numbers = new Numbers(ledger.keys().operator());
        Pace pace = new Pace(config.gather(), TURN);
        BooleanSupplier mayRecord = () -> flights.size() < config.inFlight() && pace.isDue() && !stopped.getAsBoolean();
        while (true) {
            while (mayRecord.getAsBoolean()) {
                Optional<BatchStore.Recorded> next = record();
                pace.recorded(next);
                if (next.isPresent()) {
                    Flight flight = new Flight(next.get().batch());
                    flights.launch(flight, () -> launch(ledger, flight, numbers));
                }
            }
            flying.set(flights.size());
            Flight first = flights.first();
            if (first == null) {
                if (pace.isOver() || stopped.getAsBoolean()) {
                    return pace.mayHaveLeftSome();
                }
                sleep(pace.untilDue());
            } else {
                Optional<SettlementReceipt> receipt = await(ledger, first, flights, mayRecord);
                if (receipt.isPresent()) {
                    if (!end(ledger, first, receipt.get())) {
                        // recorded again at once, what could not be decided would go round and round: it waits for
                        // another turn
                        pace.end();
                    }
                    flights.removeFirst();
                }
            }
        }
    }

    /** Step one: nothing is sent that is not recorded. */
    Optional<BatchStore.Recorded> record() {
        return store.recordNext(LedgerContract.BATCH_MAX, config.gasMax());
    }

    /** Numbers for what is sent in one turn, in which nobody else uses the operator's key. */
    private static final class Numbers {
        private final ChainSender operator;
        private long next = -1;

        Numbers(ChainSender operator) {
            this.operator = operator;
        }

        long next() {
            next = next < 0 ? operator.pendingNumber() : next;
            return next++;
        }

        void forget() {
            next = -1;
        }
    }

    /** Step two. Sending again what is settled or still on its way is harmless: the contract refuses it, see {@link #fate}. */
    private void launch(LedgerState.Ready ledger, Flight flight, Numbers numbers) {
        Fee fee = Fee.now(ledger.contract().chain()).atMost(config.feeMax());
        if (give(ledger, flight, numbers.next(), fee) != SignedTransaction.Answer.TAKEN) {
            // another process used the number; what happens to this transaction shows when its turn to be booked comes
            numbers.forget();
            give(ledger, flight, numbers.next(), fee);
        }
    }

    private SignedTransaction.Answer give(LedgerState.Ready ledger, Flight flight, long number, Fee fee) {
        ChainSender operator = ledger.keys().operator();
        SignedTransaction transaction =
                ledger.contract().sign(operator, flight.batch().signed(), number, fee);
        store.noteHash(flight.batch(), transaction.hash());
        flight.sent(transaction.hash(), fee);
        return operator.submit(transaction);
    }

    /** What a crash left recorded and never sent has no transaction that could land. */
    private void reissueUnsent(LedgerState.Ready ledger, Collection<Flight> flights) {
        if (flights.stream().anyMatch(flight -> flight.hashes().isEmpty())) {
            reissue(ledger, flights);
        }
    }

    /**
     * Signs all that has not landed anew, with the numbers that follow the chain's count: what was lost with a node's memory leaves
     * no gap before what comes after it, and what offered too little is replaced.
     */
    private void reissue(LedgerState.Ready ledger, Collection<Flight> flights) {
        long number = ledger.keys().operator().minedNumber();
        Fee now = Fee.now(ledger.contract().chain());
        for (Flight flight : flights) {
            if (landedOrFailed(ledger, flight).isPresent()) {
                continue;
            }
            Fee before = flight.offered();
            Fee fee = (before == null ? now : now.above(before)).atMost(config.feeMax());
            meters.counter("madang.payment.settlement.reissued").increment();
            SignedTransaction.Answer answer = give(ledger, flight, number, fee);
            if (answer == SignedTransaction.Answer.UNDERPRICED) {
                // one that offers no less waits under this number: it will do, or be outbid by the next attempt
                LOG.debugf(
                        "batch %d waits behind another transaction %d",
                        flight.batch().id(), number);
            }
            number++;
        }
    }

    /** Books what has become final; whether anything of it was decided. */
    private boolean end(LedgerState.Ready ledger, Flight first, SettlementReceipt receipt) {
        if (!gate.stands(ledger)) {
            // a refusal by a chain that has lost what came before says nothing
            throw new IllegalStateException("the chain has lost blocks; nothing of it is booked");
        }
        return book(ledger, first, receipt);
    }

    /** Waits for the first batch to become final, until there is other work: then the answer is empty, and this is asked again. */
    private Optional<SettlementReceipt> await(
            LedgerState.Ready ledger, Flight first, Flights flights, BooleanSupplier otherWork) {
        while (true) {
            Optional<SettlementReceipt> receipt = landedOrFailed(ledger, first);
            if (receipt.isPresent()) {
                if (ledger.finality()
                        .isFinal(receipt.get().blockNumber(), ledger.contract().chain()::blockNumber)) {
                    return receipt;
                }
                // it is in a block: that one may still be replaced, so the receipt is asked for again
                first.beginWaiting();
            }
            if (first.hasWaited(config.patience())) {
                goOn(ledger, first, flights);
            }
            if (otherWork.getAsBoolean()) {
                return Optional.empty();
            }
            sleep(first.pause());
        }
    }

    /** What to do about a batch that lands in no block. */
    private void goOn(LedgerState.Ready ledger, Flight first, Flights flights) {
        if (first.reissues() == REISSUES_MAX) {
            throw new IllegalStateException("batch " + first.batch().id() + " lands in no block");
        }
        LOG.warnf(
                "batch %d is in no block after %s; %d on their way are sent anew",
                first.batch().id(), config.patience(), flights.size());
        reissue(ledger, flights.all());
        first.reissued();
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopping", stopping);
        }
    }

    /** The receipt of whichever of its transactions is in a block. */
    private static Optional<SettlementReceipt> landed(LedgerState.Ready ledger, Flight flight) {
        return flight.hashes().reversed().stream()
                .map(ledger.contract()::settled)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** As {@link #landed}; a batch that the chain has refused as a whole is noted to have failed, and that is thrown. */
    private Optional<SettlementReceipt> landedOrFailed(LedgerState.Ready ledger, Flight flight) {
        try {
            return landed(ledger, flight);
        } catch (ChainException.Failed failed) {
            LOG.errorf("batch %d failed as a whole: %s", flight.batch().id(), failed.getMessage());
            store.fail(flight.batch());
            throw failed;
        }
    }

    /** Step three; whether anything was decided. */
    private boolean book(LedgerState.Ready ledger, Flight flight, SettlementReceipt receipt) {
        Batch batch = flight.batch();
        Map<Bytes32, Fate> fates = new HashMap<>();
        for (Outcome outcome : receipt.outcomes()) {
            fates.put(outcome.authorisation(), fate(ledger, outcome, receipt));
        }
        SettlementSpans.Begun begun = spans.begin(batch, fates, receipt);
        store.finish(begun.batch(), fates, receipt);
        begun.end();
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
        return batch.items().isEmpty() || fates.values().stream().anyMatch(fate -> !(fate instanceof Fate.Released));
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
