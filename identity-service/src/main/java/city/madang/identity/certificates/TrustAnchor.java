package city.madang.identity.certificates;

import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which certificate chains lead to the city's root (RFC 5280 §6, HAIP 1.0 §6.1.1). Blocking. */
@ApplicationScoped
public class TrustAnchor {

    private final IdentitySettings settings;
    private final KnownChains known = new KnownChains(Clock.systemUTC());

    TrustAnchor(IdentitySettings settings) {
        this.settings = settings;
    }

    /** A service without its root or CA must not start and pretend to be ready. */
    void check(@Observes StartupEvent started) {
        try {
            CityCa.certificate(settings.trustAnchor());
            CityCa.certificate(settings.ca().certificate());
        } catch (IOException failed) {
            throw new UncheckedIOException("the trust anchor or the agency CA cannot be read", failed);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the trust anchor or the agency CA is no certificate", broken);
        }
    }

    /**
     * The leaf of an {@code x5c} header whose chain leads to the root.
     *
     * @throws Malformed if it does not, with the reason
     */
    public X509Certificate leafOf(@Nullable Object x5c) throws Malformed {
        return known.leafOf(x5c, this::good);
    }

    private List<X509Certificate> good(@Nullable Object x5c) throws Malformed {
        try {
            return CertificatePath.check(
                    x5c,
                    Set.of(CityCa.certificate(settings.trustAnchor())),
                    CertificatePath.KeyUsage.STATED,
                    Instant.now());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the trust anchor is no certificate", broken);
        }
    }

    public static ECPublicKey keyOf(X509Certificate certificate) {
        return (ECPublicKey) certificate.getPublicKey();
    }
}
