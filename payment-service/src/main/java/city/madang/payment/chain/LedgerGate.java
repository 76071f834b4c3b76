package city.madang.payment.chain;

import city.madang.contracts.Bytes32;
import city.madang.contracts.Chain;
import city.madang.contracts.ChainException;
import city.madang.contracts.LedgerContract;
import city.madang.payment.problems.PaymentProblem;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets this service work with exactly one ledger: the one its database was begun with. Another chain, other code or another
 * operator closes the gate until what was expected is back; a node that does not answer leaves an open gate open.
 */
@ApplicationScoped
public class LedgerGate {

    private static final Logger LOG = Logger.getLogger(LedgerGate.class);

    private final ChainConfig config;
    private final NotedLedger noted;
    private final ChainMarks marks;
    private volatile LedgerState state = new LedgerState.Connecting("not tried yet");
    private @Nullable Chain chain;

    LedgerGate(ChainConfig config, NotedLedger noted, ChainMarks marks) {
        this.config = config;
        this.noted = noted;
        this.marks = marks;
    }

    /** The present state; never blocks. */
    public LedgerState state() {
        return state;
    }

    /** The ledger, or the problem {@code ledger-unavailable}; never blocks. */
    public LedgerState.Ready ready() {
        return switch (state) {
            case LedgerState.Ready ready -> ready;
            case LedgerState.Connecting _ ->
                throw PaymentProblem.LEDGER_UNAVAILABLE.with("the chain has not been reached yet");
            case LedgerState.Refused _, LedgerState.RolledBack _ ->
                throw PaymentProblem.LEDGER_UNAVAILABLE.with("the chain is not the one that this service trusts");
        };
    }

    /** Connects or compares anew, deploying the ledger at the first start in development. Blocking. */
    public synchronized LedgerState check() {
        LedgerState before = state;
        LedgerState now = look(before);
        state = now;
        if (!now.getClass().equals(before.getClass())) {
            switch (now) {
                case LedgerState.Ready ready ->
                    LOG.infof(
                            "settling on the ledger %s of chain %s",
                            ready.contract().address(),
                            ready.contract().domain().chainId());
                case LedgerState.Refused refused ->
                    LOG.errorf("refusing to work, no payment is accepted or settled: %s", refused.why());
                case LedgerState.RolledBack lost -> LOG.errorf("no payment is accepted or settled: %s", lost.why());
                case LedgerState.Connecting connecting -> LOG.warnf("the chain is not reached: %s", connecting.why());
            }
        }
        return now;
    }

    /** Whether the last block in which something was booked is still there: one question, to be asked often. Blocking. */
    public boolean stands(LedgerState.Ready ledger) {
        return marks.latest()
                .map(mark -> mark.standsOn(ledger.contract().chain()))
                .orElse(true);
    }

    private LedgerState look(LedgerState before) {
        try {
            Chain connected = chain;
            if (connected == null) {
                connected = Chain.connect(config.rpcUrl());
                chain = connected;
            }
            return compare(connected);
        } catch (ChainException.Unavailable | ChainException.Pending | IOException unreachable) {
            return before instanceof LedgerState.Connecting
                    ? new LedgerState.Connecting(String.valueOf(unreachable.getMessage()))
                    : before;
        } catch (ChainException wrong) {
            return new LedgerState.Refused(String.valueOf(wrong.getMessage()));
        } catch (RuntimeException failed) {
            LOG.debugf(failed, "the ledger could not be compared");
            return before instanceof LedgerState.Ready
                    ? before
                    : new LedgerState.Connecting(String.valueOf(failed.getMessage()));
        }
    }

    private LedgerState compare(Chain connected) throws IOException {
        String genesis = Genesis.hash(config.rpcUrl());
        NotedLedger.Note note = noted.find().orElse(null);
        LedgerKeys keys = LedgerKeys.load(connected, config.keysDir());
        if (note == null) {
            LedgerContract first = first(connected, keys);
            if (first == null) {
                return new LedgerState.Refused("madang.chain.ledger-address is not set");
            }
            first.requireSameCode();
            noted.note(new NotedLedger.Note(
                    connected.chainId().longValueExact(),
                    genesis,
                    first.address(),
                    first.domain().separator().hex()));
            note = noted.find().orElseThrow();
        }
        if (note.chainId() != connected.chainId().longValueExact()) {
            return new LedgerState.Refused("chain id " + connected.chainId() + ", expected " + note.chainId());
        }
        if (!Objects.equals(note.genesisHash(), genesis)) {
            return new LedgerState.Refused("genesis " + genesis + ", expected " + note.genesisHash());
        }
        LedgerContract contract = new LedgerContract(connected, note.address());
        contract.requireSameCode();
        Bytes32 separator = contract.domain().separator();
        if (!separator.hex().equals(note.domainSeparator())) {
            return new LedgerState.Refused("domain separator " + separator + ", expected " + note.domainSeparator());
        }
        String operator = contract.roles().operator();
        if (!operator.equals(keys.operator().address())) {
            return new LedgerState.Refused("the ledger's operator is " + operator + ", not this service's key");
        }
        LedgerState.Ready ready = state instanceof LedgerState.Ready same
                        && same.contract().address().equals(contract.address())
                ? same
                : new LedgerState.Ready(contract, keys, separator, new Finality(config.finalityDepth()));
        return stands(ready) ? ready : rolledBack(ready);
    }

    private LedgerState rolledBack(LedgerState.Ready ledger) {
        Chain connected = ledger.contract().chain();
        ChainMarks.Mark lost = marks.latest().orElseThrow();
        long kept = marks.kept(connected);
        return new LedgerState.RolledBack(
                ledger,
                kept,
                "the chain was reset or reorganised: its block %d is not the one in which payments were booked, its latest is %d;"
                                .formatted(lost.number(), connected.blockNumber())
                        + " what was booked after block " + kept + " is not on it");
    }

    private @Nullable LedgerContract first(Chain connected, LedgerKeys keys) {
        if (config.ledgerAddress().isPresent()) {
            return new LedgerContract(connected, config.ledgerAddress().get());
        }
        return switch (config.profile()) {
            case PRODUCTION -> null;
            case DEVELOPMENT ->
                LedgerContract.deploy(
                        keys.operator(), keys.roles(config.keysDir()), keys.council(config.recoveryDelay()));
        };
    }

    @PreDestroy
    synchronized void close() {
        Chain connected = chain;
        if (connected != null) {
            connected.close();
        }
    }
}
