package city.madang.identity.authorization;

import city.madang.identity.certificates.CertificatePath;
import city.madang.identity.certificates.KnownChains;
import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which wallet providers are trusted, for wallet attestations and key attestations (HAIP 1.0 §4.4.1 and §4.5.1). */
@ApplicationScoped
public class WalletProviders {

    private final IdentitySettings settings;
    private final KnownChains known = new KnownChains(Clock.systemUTC());
    private Set<X509Certificate> anchors = Set.of();

    WalletProviders(IdentitySettings settings) {
        this.settings = settings;
    }

    /** Without the setting no provider is trusted; with one that cannot be read the service must not start. */
    void read(@Observes StartupEvent started) {
        if (settings.walletProviders().isEmpty()) {
            return;
        }
        try (InputStream pem = Files.newInputStream(settings.walletProviders().get())) {
            anchors = CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException failed) {
            throw new UncheckedIOException("the wallet providers' certificates cannot be read", failed);
        } catch (CertificateException broken) {
            throw new IllegalStateException("the wallet providers' file holds no certificates", broken);
        }
    }

    /**
     * The leaf of an {@code x5c} header whose chain leads to a trusted wallet provider; its key is on P-256.
     *
     * @throws Malformed if it does not, is self-signed, or holds the trust anchor; with the reason
     */
    public X509Certificate leafOf(@Nullable Object x5c) throws Malformed {
        return known.leafOf(
                x5c, chain -> CertificatePath.check(chain, anchors, CertificatePath.KeyUsage.OPEN, Instant.now()));
    }
}
