package city.madang.identity.authorization;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which wallet providers are trusted, for wallet attestations and key attestations (HAIP 1.0 §4.4.1 and §4.5.1). */
@ApplicationScoped
public class WalletProviders {

    /** Leaf and two intermediates. */
    private static final int LONGEST_CHAIN = 3;

    private static final int LONGEST_CERTIFICATE = 8192;

    /** Chains that were found good; a provider has few, and an attestation is checked with each issuance. */
    private static final int REMEMBERED = 200;

    private static final int DIGITAL_SIGNATURE = 0;

    private final IdentitySettings settings;
    private final Map<String, Trusted> remembered =
            Collections.synchronizedMap(new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Trusted> eldest) {
                    return size() > REMEMBERED;
                }
            });
    private Set<TrustAnchor> anchors = Set.of();

    WalletProviders(IdentitySettings settings) {
        this.settings = settings;
    }

    /** @param until when the first certificate of its chain ends */
    private record Trusted(X509Certificate leaf, Instant until) {}

    /** Without the setting no provider is trusted; with one that cannot be read the service must not start. */
    void read(@Observes StartupEvent started) {
        if (settings.walletProviders().isEmpty()) {
            return;
        }
        try (InputStream pem = Files.newInputStream(settings.walletProviders().get())) {
            anchors = CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(certificate -> new TrustAnchor((X509Certificate) certificate, null))
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
        if (!(x5c instanceof List<?> texts) || texts.isEmpty() || texts.size() > LONGEST_CHAIN) {
            throw new Malformed("x5c must hold one to three certificates");
        }
        String key = Sha256.hex(texts.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        Trusted known = remembered.get(key);
        Instant now = Instant.now();
        if (known != null && now.isBefore(known.until())) {
            return known.leaf();
        }
        List<X509Certificate> chain = parse(texts);
        X509Certificate leaf = check(chain, anchors, now);
        Instant until = chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(now);
        remembered.put(key, new Trusted(leaf, until));
        return leaf;
    }

    /** The leaf of a chain that leads to one of the anchors at this time (RFC 5280 §6). */
    static X509Certificate check(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant now) throws Malformed {
        X509Certificate leaf = chain.getFirst();
        for (X509Certificate certificate : chain) {
            if (anchors.stream().anyMatch(anchor -> certificate.equals(anchor.getTrustedCert()))) {
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
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            throw new Malformed("the certificate's key is not for signatures");
        }
        if (anchors.isEmpty()) {
            throw new Malformed("no wallet provider is trusted");
        }
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        } catch (GeneralSecurityException untrusted) {
            throw new Malformed("the certificate chain does not lead to a trusted wallet provider");
        }
        if (!(leaf.getPublicKey() instanceof ECPublicKey key)) {
            throw new Malformed("the certificate's key is not on P-256");
        }
        PublicJwk.of(key).toKey();
        return leaf;
    }

    private static List<X509Certificate> parse(List<?> texts) throws Malformed {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Object text : texts) {
                if (!(text instanceof String base64) || base64.length() > LONGEST_CERTIFICATE) {
                    throw new Malformed("x5c must hold base64 DER");
                }
                byte[] der = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            throw new Malformed("x5c does not hold certificates");
        }
        return chain;
    }
}
