package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.reconciliation.Reconciler;
import city.madang.payment.reconciliation.Reconciliation;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The settler's turns: keep the gate, open accounts, attest and mint, finish what was on its way, settle, and begin a comparison, which
 * goes on beside the turns that follow. Money stops moving while the last one shows a difference; what the contract has done already is
 * booked nevertheless.
 */
@ApplicationScoped
public class Settlement {

    private static final Logger LOG = Logger.getLogger(Settlement.class);
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(10);

    /** The longest that stopping waits for a turn to end; a turn that is cut off is recovered at the next start. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);

    /** Rounds of one kind of work before the others have their turn, so that steady load of one starves none. */
    private static final int ROUNDS_MAX = 10;

    private final LedgerGate gate;
    private final Leader leader;
    private final AccountOpener accounts;
    private final TreasurySettler treasury;
    private final OrderSettler orders;
    private final BurnSettler burns;
    private final CancellationSettler cancellations;
    private final RecoverySettler recoveries;
    private final TransferSettler transfers;
    private final Resettlement resettlement;
    private final Reconciler reconciler;
    private final KeySync keys;
    private final SettlementConfig config;
    private Instant comparisonBegun = Instant.EPOCH;
    private volatile boolean stopped;
    private @Nullable Thread thread;

    Settlement(
            LedgerGate gate,
            Leader leader,
            AccountOpener accounts,
            TreasurySettler treasury,
            OrderSettler orders,
            BurnSettler burns,
            CancellationSettler cancellations,
            RecoverySettler recoveries,
            TransferSettler transfers,
            Resettlement resettlement,
            Reconciler reconciler,
            KeySync keys,
            SettlementConfig config) {
        this.gate = gate;
        this.leader = leader;
        this.accounts = accounts;
        this.treasury = treasury;
        this.orders = orders;
        this.burns = burns;
        this.cancellations = cancellations;
        this.recoveries = recoveries;
        this.transfers = transfers;
        this.resettlement = resettlement;
        this.reconciler = reconciler;
        this.keys = keys;
        this.config = config;
    }

    void start(@Observes StartupEvent started) {
        thread = Thread.ofPlatform().daemon().name("settlement").start(this::work);
    }

    void stop(@Observes ShutdownEvent stopping) throws InterruptedException {
        stopped = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            running.join(STOP_TIMEOUT);
        }
    }

    private void work() {
        while (!stopped) {
            Duration pause = config.interval();
            try {
                if (config.enabled()) {
                    pause = turn() ? Duration.ZERO : pause;
                } else if (!(gate.state() instanceof LedgerState.Ready)) {
                    gate.check();
                }
            } catch (ChainException.Unavailable away) {
                LOG.warnf("settlement waits for the chain: %s", away.getMessage());
                pause = config.afterFailure();
            } catch (RuntimeException | Error failed) { // even an error must not end this thread unseen
                if (!stopped) {
                    LOG.warn("settlement waits", failed);
                }
                pause = config.afterFailure();
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    /**
     * One turn; does nothing while the gate is closed or another process leads. Blocking.
     *
     * @return whether payments may still wait for which it had no time
     */
    synchronized boolean turn() {
        boolean due = isComparisonDue();
        LedgerState state = gate.state();
        if (due || !(state instanceof LedgerState.Ready ready && gate.stands(ready))) {
            state = gate.check();
        }
        return switch (state) {
            case LedgerState.Ready ready -> leader.whileLeading(() -> lead(ready, due));
            case LedgerState.RolledBack lost -> leader.whileLeading(() -> bringBack(lost));
            case LedgerState.Connecting _, LedgerState.Refused _ -> false;
        };
    }

    private boolean bringBack(LedgerState.RolledBack lost) {
        if (resettlement.bringBack(lost)) {
            gate.check();
        }
        return false;
    }

    private boolean lead(LedgerState.Ready ledger, boolean due) {
        // freezing goes on whatever the last comparison showed
        boolean healthy = attempt("freezing", () -> orders.freeze(ledger));
        healthy &= attempt("keys that changed", () -> followChanged(ledger));
        // what was given up, and who may sign, also concern no balance
        healthy &= attempt("cancelled nonces", () -> cancellations.settle(ledger));
        healthy &= attempt("recoveries", () -> recoveries.settle(ledger));
        boolean more = false;
        if (agrees()) {
            // neither an account nor a mint that fails keeps the payments waiting
            boolean opened = attempt("accounts", () -> rounds(() -> accounts.openNext(ledger)));
            boolean minted = attempt("the treasury", () -> treasury.settle(ledger));
            boolean burned = attempt("redemptions", () -> burns.settle(ledger));
            more = transfers.settle(ledger, () -> stopped || reconciler.hasFoundDrift());
            boolean replaced = attempt("new keys", () -> orders.replaceKeys(ledger));
            healthy = healthy && opened && minted && burned && replaced;
        } else {
            treasury.bookMinted(ledger);
            burns.bookBurned(ledger);
            transfers.bookSettled(ledger);
        }
        if (due && !stopped) {
            // nothing is on its way here
            reconciler.begin(ledger);
            comparisonBegun = Instant.now();
        }
        if (!healthy) {
            throw new IllegalStateException("not all that waits could be carried to the contract");
        }
        return more;
    }

    private boolean isComparisonDue() {
        Duration pause = reconciler.hasFailed() ? config.afterFailure() : config.reconcileEvery();
        return !reconciler.isRunning() && Instant.now().isAfter(comparisonBegun.plus(pause));
    }

    private void followChanged(LedgerState.Ready ledger) {
        for (Optional<Bytes32> next = reconciler.nextChanged(); next.isPresent(); next = reconciler.nextChanged()) {
            keys.follow(ledger.contract(), next.get());
        }
    }

    private void rounds(BooleanSupplier round) {
        int done = 0;
        while (!stopped && done < ROUNDS_MAX && round.getAsBoolean()) {
            done++;
        }
    }

    private boolean attempt(String what, Runnable work) {
        try {
            work.run();
            return true;
        } catch (RuntimeException failed) {
            LOG.warnf(failed, "%s must wait", what);
            return false;
        }
    }

    private boolean agrees() {
        Optional<Reconciliation> latest = reconciler.latest().await().atMost(DATABASE_TIMEOUT);
        return latest.map(Reconciliation::agrees).orElse(true);
    }
}
