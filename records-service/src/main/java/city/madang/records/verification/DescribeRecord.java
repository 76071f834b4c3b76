package city.madang.records.verification;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.records.RecordsConfig;
import city.madang.records.agencies.Seals;
import city.madang.records.anchoring.AnchorStore;
import city.madang.records.log.LogReader;
import city.madang.records.sealing.SealedRecord;
import city.madang.records.standing.RecordEnds;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what can be shown about a record without showing the record. */
@ApplicationScoped
public class DescribeRecord {

    private final LogReader log;
    private final AnchorStore anchors;
    private final Seals seals;
    private final RecordEnds ends;
    private final String origin;

    DescribeRecord(LogReader log, AnchorStore anchors, Seals seals, RecordEnds ends, RecordsConfig config) {
        this.log = log;
        this.anchors = anchors;
        this.seals = seals;
        this.ends = ends;
        this.origin = config.origin();
    }

    Uni<RecordState> describe(SealedRecord record) {
        return ends.of(record.id())
                .map(ended -> ended.map(RecordEnds.Ended::kind)
                        .orElse(Instant.now().isAfter(record.validUntil()) ? "expired" : "sealed"))
                .chain(state -> describe(record, state));
    }

    private Uni<RecordState> describe(SealedRecord record, String state) {
        return log.published(record.agency())
                .map(found -> found.orElseThrow(() -> new IllegalStateException("a sealed record without a log")))
                .chain(published -> log.holds(
                                record.agency(),
                                record.logIndex(),
                                record.entry().getBytes(UTF_8))
                        .chain(logged -> anchor(record).chain(anchor -> seals.name(record.agency())
                                .map(name -> new RecordState(
                                        record.id(),
                                        state,
                                        record.agency(),
                                        Map.of("ko", name.ko(), "en", name.en()),
                                        record.issued(),
                                        record.validUntil(),
                                        new RecordState.Log(
                                                origin + "/records/log/" + record.agency(),
                                                record.logIndex(),
                                                logged,
                                                published.size(),
                                                published.note()),
                                        anchor.value())))));
    }

    /** An anchor or none: a Uni cannot tell null from an absent value clearly. */
    private record Found(RecordState.@Nullable Anchor value) {}

    private Uni<Found> anchor(SealedRecord record) {
        return anchors.contract()
                .chain(contract -> contract.isEmpty()
                        ? Uni.createFrom().item(new Found(null))
                        : anchors.covering(record.agency(), record.logIndex())
                                .map(found -> new Found(found.map(anchored -> new RecordState.Anchor(
                                                contract.get().chainId(),
                                                contract.get().address(),
                                                anchored.size(),
                                                anchored.transactionHash(),
                                                anchored.blockNumber(),
                                                anchored.anchored()))
                                        .orElse(null))));
    }
}
