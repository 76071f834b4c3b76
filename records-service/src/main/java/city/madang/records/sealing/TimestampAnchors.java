package city.madang.records.sealing;

import city.madang.records.RecordsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates to which the timestamps in sealed records must lead, as the operator configured them. */
@ApplicationScoped
public class TimestampAnchors {

    private final List<X509Certificate> anchors;

    TimestampAnchors(RecordsConfig config) {
        this.anchors = config.sealing()
                .timestampAnchors()
                .map(TimestampAnchors::certificates)
                .orElse(List.of());
    }

    public List<X509Certificate> all() {
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
