package city.madang.verifier;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** Certificates up to the city's roots (RFC 5280 §6), and what they are for. */
final class Chain {

    /** Key usage bits (RFC 5280 §4.2.1.3). */
    private static final int DIGITAL_SIGNATURE = 0;

    private static final int NON_REPUDIATION = 1;

    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

    private Chain() {}

    /** Whether the certificate leads to a root at that time. */
    static boolean leads(
            X509Certificate leaf, Collection<X509Certificate> sent, Collection<X509Certificate> roots, Instant at) {
        if (roots.isEmpty()) {
            return false;
        }
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(leaf);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()), target);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(sent)));
            // the CA of seals publishes no CRL: whether an agency still stands is the trust list's to say
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (GeneralSecurityException no) {
            return false;
        }
    }

    /** An agency's seal: the only certificates of the city's CA that bind their holder to what is signed. */
    static boolean isSeal(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() < 0
                && usage != null
                && usage[DIGITAL_SIGNATURE]
                && usage[NON_REPUDIATION];
    }

    /**
     * The key of the city's trust list (ETSI TS 119 602 §6.8): it names a country, and is no seal. Of the other certificates below the
     * root those of agencies' issuers name one too; they have alternative names.
     */
    static boolean isTrustList(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() < 0
                && usage != null
                && usage[DIGITAL_SIGNATURE]
                && !usage[NON_REPUDIATION]
                && certificate.getExtensionValue(SUBJECT_ALTERNATIVE_NAME) == null
                && !attribute(certificate, BCStyle.C).isEmpty();
    }

    static String organisation(X509Certificate certificate) {
        return attribute(certificate, BCStyle.O);
    }

    static String name(X509Certificate certificate) {
        return attribute(certificate, BCStyle.CN);
    }

    private static String attribute(X509Certificate certificate, ASN1ObjectIdentifier type) {
        RDN[] found = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(type);
        return found.length == 0
                ? ""
                : IETFUtils.valueToString(found[0].getFirst().getValue());
    }
}
