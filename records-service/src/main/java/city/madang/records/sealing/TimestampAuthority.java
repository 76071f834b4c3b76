package city.madang.records.sealing;

import city.madang.kit.fetch.GuardedFetch;
import city.madang.kit.fetch.Posted;
import city.madang.kit.fetch.Wanted;
import city.madang.records.OnJvm;
import city.madang.records.RecordsConfig;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The timestamp authority that the operator configured, reached through the guarded client (RFC 3161 §3.4). */
@OnJvm
@ApplicationScoped
public class TimestampAuthority {

    private static final String QUERY = "application/timestamp-query";
    private static final String REPLY = "application/timestamp-reply";

    /** Bytes of an answer; the certificates of the authority are in it. */
    private static final int LONGEST = 64 * 1024;

    /** The guarded client gives up earlier. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Optional<TSPSource> source;

    TimestampAuthority(GuardedFetch fetch, RecordsConfig config, TimestampAnchors anchors) {
        this.source = config.sealing()
                .timestampUrl()
                .map(url -> new Rfc3161(
                        request -> fetch.post(new Wanted(url, List.of(REPLY), LONGEST), new Posted(QUERY, request))
                                .await()
                                .atMost(PATIENCE)
                                .body(),
                        anchors.all()));
        if (source.isPresent() && anchors.all().isEmpty()) {
            throw new IllegalStateException("madang.sealing.timestamp-url needs madang.sealing.timestamp-anchors");
        }
    }

    /** Empty if none is configured. */
    Optional<TSPSource> source() {
        return source;
    }
}
