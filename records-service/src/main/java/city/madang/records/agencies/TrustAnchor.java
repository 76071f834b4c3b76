package city.madang.records.agencies;

import city.madang.records.RecordsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** The root that every seal must lead to, as the operator gave it. */
@ApplicationScoped
public class TrustAnchor {

    private final RecordsConfig config;

    TrustAnchor(RecordsConfig config) {
        this.config = config;
    }

    /** Empty if none is configured: then no seal can be vouched for. Blocking. */
    public Optional<X509Certificate> certificate() {
        return config.trustAnchor().map(file -> {
            try (InputStream pem = Files.newInputStream(file)) {
                return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
            } catch (IOException | CertificateException unusable) {
                throw new IllegalStateException("madang.trust-anchor is not a PEM certificate", unusable);
            }
        });
    }
}
