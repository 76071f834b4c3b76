package city.madang.records.verification;

import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsConfig;
import city.madang.records.agencies.TrustAnchor;
import city.madang.records.anchoring.AnchorStore;
import city.madang.records.log.LogKeys;
import city.madang.records.log.LogReader;
import city.madang.records.sealing.TimestampAnchors;
import city.madang.records.trust.WatchedPolicy;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.verifier.Anchor;
import city.madang.verifier.Trust;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whom this service believes, and lets others know to believe: the root, timestamp authorities, the agencies' logs, their witnesses, anchors. */
@ApplicationScoped
public class TrustSource {

    /** Of each log, the latest. */
    private static final int MOST_ANCHORS = 100;

    private final TrustAnchor root;
    private final LogReader logs;
    private final LogKeys keys;
    private final AnchorStore anchors;
    private final TimestampAnchors timestamps;
    private final Optional<WatchedPolicy> witnesses;

    TrustSource(
            TrustAnchor root,
            LogReader logs,
            LogKeys keys,
            AnchorStore anchors,
            TimestampAnchors timestamps,
            RecordsConfig config) {
        this.root = root;
        this.logs = logs;
        this.keys = keys;
        this.anchors = anchors;
        this.timestamps = timestamps;
        this.witnesses = config.witness().policy().map(WatchedPolicy::new);
    }

    /** All of it, with every log that has published. */
    Uni<Trust> all() {
        return logs.allPublished().chain(published -> OffLoop.call(() -> published.stream()
                        .map(log -> keys.verifierKey(log.agency()))
                        .flatMap(Optional::stream)
                        .toList())
                .chain(found -> anchors(published).chain(known -> OffLoop.call(() -> trust(found, known)))));
    }

    private Uni<List<Anchor>> anchors(List<LogReader.Published> published) {
        return anchors.contract().chain(contract -> {
            Uni<List<Anchor>> all = Uni.createFrom().item(new ArrayList<>());
            if (contract.isEmpty()) {
                return all;
            }
            for (LogReader.Published log : published) {
                all = all.chain(known -> anchors.list(log.agency(), Long.MAX_VALUE, MOST_ANCHORS)
                        .map(found -> {
                            found.forEach(anchored -> known.add(new Anchor(
                                    log.origin(),
                                    anchored.size(),
                                    HexFormat.of().formatHex(anchored.root().bytes()),
                                    contract.get().chainId(),
                                    contract.get().address(),
                                    anchored.transactionHash(),
                                    anchored.blockNumber(),
                                    anchored.anchored())));
                            return known;
                        }));
            }
            return all;
        });
    }

    private Trust trust(List<VerifierKey> logKeys, List<Anchor> known) {
        return new Trust(
                root.certificate().map(List::of).orElse(List.of()),
                timestamps.all(),
                Optional.of(new TrustPolicy(
                        logKeys.stream()
                                .map(key -> new TrustPolicy.Log(key, Optional.empty()))
                                .toList(),
                        witnesses(),
                        new TrustPolicy.Quorum.None())),
                Optional.empty(),
                known);
    }

    /** Their cosignatures are reported; how many there must be is asked when a checkpoint is published. */
    private Map<String, TrustPolicy.Witness> witnesses() {
        return witnesses.map(policy -> policy.current().witnesses()).orElse(Map.of());
    }
}
