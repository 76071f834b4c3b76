package city.madang.records.sealing;

import city.madang.kit.fetch.GuardedFetch;
import city.madang.kit.fetch.Posted;
import city.madang.kit.fetch.Wanted;
import city.madang.records.RecordsConfig;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The timestamp authority that the operator configured, reached through the guarded client (RFC 3161 §3.4). */
@ApplicationScoped
public class TimestampAuthority {

    private static final String QUERY = "application/timestamp-query";
    private static final String REPLY = "application/timestamp-reply";

    /** Bytes of an answer; the certificates of the authority are in it. */
    private static final int LONGEST = 64 * 1024;

    /** The guarded client gives up earlier. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Optional<TSPSource> source;
    private final List<X509Certificate> anchors;

    TimestampAuthority(GuardedFetch fetch, RecordsConfig config) {
        this.anchors = config.sealing()
                .timestampAnchors()
                .map(TimestampAuthority::certificates)
                .orElse(List.of());
        this.source = config.sealing()
                .timestampUrl()
                .map(url -> new Rfc3161(
                        request -> fetch.post(new Wanted(url, List.of(REPLY), LONGEST), new Posted(QUERY, request))
                                .await()
                                .atMost(PATIENCE)
                                .body(),
                        anchors));
        if (source.isPresent() && anchors.isEmpty()) {
            throw new IllegalStateException("madang.sealing.timestamp-url needs madang.sealing.timestamp-anchors");
        }
    }

    /** Empty if none is configured. */
    Optional<TSPSource> source() {
        return source;
    }

    /** Certificates to which tokens must lead. */
    public List<X509Certificate> anchors() {
        return anchors;
    }

    private static List<X509Certificate> certificates(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | CertificateException unusable) {
            throw new IllegalStateException("madang.sealing.timestamp-anchors holds no PEM certificates", unusable);
        }
    }
}
