package city.madang.records.anchoring;

import city.madang.contracts.AnchorContract;
import city.madang.contracts.AnchoredCheckpoint;
import city.madang.contracts.ChainException;
import city.madang.kit.worker.OffLoop;
import city.madang.records.Loop;
import city.madang.records.log.LogReader;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Anchors the latest checkpoint of every log every few seconds. After an outage the latest one covers all that came before.
 * If the contract is not this version's, nothing is anchored and everything else goes on.
 */
@ApplicationScoped
public class Anchorer {

    private static final Logger LOG = Logger.getLogger(Anchorer.class);

    /** Pause between two looks at the logs. */
    private static final Duration EVERY = Duration.ofSeconds(2);

    /** Pause after the contract or the chain refused, since only a person can mend that. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(30);

    private final AnchorChain chain;
    private final AnchorStore store;
    private final LogReader logs;
    private final Loop loop;
    private final Map<String, Instant> refused = new ConcurrentHashMap<>();
    private final DistributionSummary gas;
    private volatile @Nullable AnchorContract contract;
    private volatile Instant contractAgain = Instant.MIN;
    private volatile @Nullable String unusable;

    Anchorer(AnchorChain chain, AnchorStore store, LogReader logs, Vertx vertx, MeterRegistry meters) {
        this.chain = chain;
        this.store = store;
        this.logs = logs;
        this.gas = DistributionSummary.builder("madang.records.anchor.gas")
                .description("Gas that an anchor used")
                .register(meters);
        this.loop = new Loop("the anchorer", vertx, EVERY, () -> turn().replaceWith(false));
    }

    void start(@Observes StartupEvent started) {
        if (chain.isConfigured()) {
            loop.start();
        } else {
            LOG.warn("checkpoints are not anchored: madang.chain.rpc-url or madang.chain.keys-dir is not set");
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    /** The contract's address, or why there is none in use, for operators. */
    String contractState() {
        @Nullable AnchorContract used = contract;
        @Nullable String why = unusable;
        if (used != null) {
            return used.address();
        }
        if (!chain.isConfigured()) {
            return "not configured";
        }
        return why == null ? "not reached yet" : "refused: " + why;
    }

    /** Logs whose latest checkpoint the contract refused. */
    Set<String> refusedLogs() {
        return new TreeSet<>(refused.keySet());
    }

    /** Anchors what has changed since the last turn. */
    Uni<Void> turn() {
        return usable().chain(usable -> usable.isEmpty()
                ? Uni.createFrom().voidItem()
                : logs.allPublished()
                        .chain(all -> Multi.createFrom()
                                .iterable(all)
                                .onItem()
                                .transformToUniAndConcatenate(log -> anchor(usable.get(), log))
                                .collect()
                                .asList())
                        .replaceWithVoid());
    }

    private Uni<Optional<AnchorContract>> usable() {
        @Nullable AnchorContract known = contract;
        if (known != null) {
            return Uni.createFrom().item(Optional.of(known));
        }
        if (Instant.now().isBefore(contractAgain)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return where().chain(at -> OffLoop.call(() -> chain.open(at)))
                .invoke(opened -> contract = opened)
                .map(Optional::of)
                .onFailure(failure ->
                        failure instanceof ChainException.WrongCode || failure instanceof IllegalStateException)
                .recoverWithItem(failure -> {
                    LOG.errorf("nothing is anchored: %s", failure.getMessage());
                    unusable = failure.getMessage();
                    contractAgain = Instant.now().plus(AFTER_REFUSAL);
                    return Optional.empty();
                });
    }

    private Uni<AnchorStore.Contract> where() {
        Optional<String> given = chain.givenAddress();
        if (given.isPresent()) {
            return OffLoop.call(() -> new AnchorStore.Contract(chain.chainId(), given.get()))
                    .chain(store::keep)
                    .invoke(kept -> {
                        if (!kept.address().equalsIgnoreCase(given.get())) {
                            throw new IllegalStateException("madang.chain.anchor-address is not the contract at "
                                    + kept.address() + " in which the logs have been anchored so far");
                        }
                    });
        }
        return store.contract()
                .chain(known -> known.isPresent()
                        ? Uni.createFrom().item(known.get())
                        : OffLoop.call(chain::deploy).chain(store::keep));
    }

    private Uni<Void> anchor(AnchorContract to, LogReader.Published log) {
        @Nullable Instant since = refused.get(log.agency());
        if (log.size() == 0 || (since != null && Instant.now().isBefore(since.plus(AFTER_REFUSAL)))) {
            return Uni.createFrom().voidItem();
        }
        return store.has(log.agency(), log.size())
                .chain(done -> done ? Uni.createFrom().voidItem() : anchorFromLatest(to, log))
                .invoke(() -> refused.remove(log.agency()))
                .onFailure(ChainException.Reverted.class)
                .recoverWithUni(failure -> {
                    LOG.errorf(
                            "the contract refuses checkpoint %d of %s: %s",
                            log.size(), log.agency(), failure.getMessage());
                    refused.put(log.agency(), Instant.now());
                    return Uni.createFrom().voidItem();
                });
    }

    /** Proves to the contract that the checkpoint goes on from what it holds, however long ago that was. */
    private Uni<Void> anchorFromLatest(AnchorContract to, LogReader.Published log) {
        return OffLoop.call(() -> chain.latest(to, log.origin())).chain(latest -> {
            long held = latest.map(AnchoredCheckpoint::size).orElse(0L);
            return proof(log, held)
                    .chain(proof -> OffLoop.call(
                            () -> chain.anchor(to, log.agency(), log.origin(), log.size(), log.root(), proof)))
                    .invoke(anchored -> anchored.gasUsed().ifPresent(gas::record))
                    .chain(store::keep)
                    .onFailure(ChainException.Reverted.class)
                    .recoverWithUni(failure -> OffLoop.call(() -> chain.latest(to, log.origin()))
                            .chain(now -> now.equals(latest)
                                    ? Uni.createFrom().failure(failure)
                                    // another process anchored meanwhile: the next turn goes on from there
                                    : Uni.createFrom().voidItem()));
        });
    }

    private Uni<List<byte[]>> proof(LogReader.Published log, long held) {
        return held >= log.size() ? Uni.createFrom().item(List.of()) : logs.consistency(log.agency(), held, log.size());
    }
}
