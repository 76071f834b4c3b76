package city.madang.identity.certificates;

import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which certificate chains lead to the city's root (RFC 5280 §6, HAIP 1.0 §6.1.1). Blocking. */
@ApplicationScoped
public class TrustAnchor {

    /** Leaf, agency CA, and room for one more. */
    private static final int LONGEST_CHAIN = 3;

    private static final int LONGEST_CERTIFICATE = 8192;

    private final IdentitySettings settings;

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
        List<X509Certificate> chain = parse(x5c);
        try {
            X509Certificate anchor = CityCa.certificate(settings.trustAnchor());
            X509Certificate leaf = chain.getFirst();
            for (X509Certificate certificate : chain) {
                if (certificate.equals(anchor)) {
                    throw new Malformed("x5c must not contain the trust anchor");
                }
            }
            if (leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
                throw new Malformed("the signing certificate must not be self-signed");
            }
            if (leaf.getBasicConstraints() >= 0) {
                throw new Malformed("the signing certificate must not be a CA");
            }
            boolean @Nullable [] usage = leaf.getKeyUsage();
            if (usage == null || !usage[0]) {
                throw new Malformed("the certificate's key is not for signatures");
            }
            PKIXParameters parameters = new PKIXParameters(Set.of(new java.security.cert.TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
            if (!CityCa.isP256(leaf.getPublicKey())) {
                throw new Malformed("the certificate's key is not on P-256");
            }
            return leaf;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException untrusted) {
            throw new Malformed("the certificate chain does not lead to the trust anchor");
        }
    }

    public static ECPublicKey keyOf(X509Certificate certificate) {
        return (ECPublicKey) certificate.getPublicKey();
    }

    private static List<X509Certificate> parse(@Nullable Object x5c) throws Malformed {
        if (!(x5c instanceof List<?> texts) || texts.isEmpty() || texts.size() > LONGEST_CHAIN) {
            throw new Malformed("x5c must hold one to three certificates");
        }
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Object text : texts) {
                if (!(text instanceof String base64) || base64.length() > LONGEST_CERTIFICATE) {
                    throw new Malformed("x5c must hold base64 DER");
                }
                chain.add((X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(base64))));
            }
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            throw new Malformed("x5c does not hold certificates");
        }
        return chain;
    }
}
