package city.madang.identity.certificates;

import city.madang.identity.jose.Malformed;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A chain that somebody sent, and whether it leads to one of the anchors (RFC 5280 §6, HAIP 1.0 §6.1.1). */
public final class CertificatePath {

    /** Leaf, agency CA, and room for one more. */
    private static final int LONGEST_CHAIN = 3;

    private static final int LONGEST_CERTIFICATE = 8192;

    private static final int DIGITAL_SIGNATURE = 0;

    private CertificatePath() {}

    /** What the leaf must say of its key. */
    public enum KeyUsage {
        /** That it is for signatures. */
        STATED,
        /** Nothing (RFC 5280 §4.2.1.3 lets an end entity be silent), or that it is for signatures. */
        OPEN
    }

    /**
     * The leaf of an {@code x5c} header; its key is on P-256 and stated to be for signatures.
     *
     * @throws Malformed if the chain does not lead to an anchor now, holds one, or begins with a self-signed certificate or a CA
     */
    static X509Certificate leafOf(@Nullable Object x5c, Set<X509Certificate> anchors, Instant now) throws Malformed {
        return check(x5c, anchors, KeyUsage.STATED, now).getFirst();
    }

    /** The same with all of its certificates, leaf first. */
    public static List<X509Certificate> check(
            @Nullable Object x5c, Set<X509Certificate> anchors, KeyUsage needed, Instant now) throws Malformed {
        return check(parse(x5c), anchors, needed, now);
    }

    static List<X509Certificate> check(
            List<X509Certificate> chain, Set<X509Certificate> anchors, KeyUsage needed, Instant now) throws Malformed {
        X509Certificate leaf = chain.getFirst();
        if (chain.stream().anyMatch(anchors::contains)) {
            throw new Malformed("x5c must not contain the trust anchor");
        }
        if (leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
            throw new Malformed("the signing certificate must not be self-signed");
        }
        if (leaf.getBasicConstraints() >= 0) {
            throw new Malformed("the signing certificate must not be a CA");
        }
        boolean @Nullable [] usage = leaf.getKeyUsage();
        if (usage == null ? needed == KeyUsage.STATED : !usage[DIGITAL_SIGNATURE]) {
            throw new Malformed("the certificate's key is not for signatures");
        }
        if (anchors.isEmpty()) {
            throw new Malformed("nobody is trusted to issue such certificates");
        }
        try {
            PKIXParameters parameters = new PKIXParameters(
                    anchors.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        } catch (GeneralSecurityException untrusted) {
            throw new Malformed("the certificate chain does not lead to the trust anchor");
        }
        if (!CityCa.isP256(leaf.getPublicKey())) {
            throw new Malformed("the certificate's key is not on P-256");
        }
        return chain;
    }

    private static List<X509Certificate> parse(@Nullable Object x5c) throws Malformed {
        if (!(x5c instanceof List<?> texts) || texts.isEmpty() || texts.size() > LONGEST_CHAIN) {
            throw new Malformed("x5c must hold one to three certificates");
        }
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (@Nullable Object text : texts) {
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
