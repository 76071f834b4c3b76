package city.madang.identity.status;

import city.madang.identity.certificates.Signer;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.jspecify.annotations.Nullable;

/** Which agency a certificate of the city's CA or IACA is for: both write its id as the organisation, once. */
final class IssuerName {

    private IssuerName() {}

    static boolean isOfAgency(X509Certificate certificate, String agency) {
        return agency(certificate).filter(agency::equals).isPresent();
    }

    /** Whether one may state the status of what the other issued: the same agency, or the same issuer outside the city. */
    static boolean isSame(Signer one, Signer other) {
        Signer.@Nullable OtherIssuer outside = one.other();
        return outside == null ? other.other() == null && isSameAgency(one, other) : outside.equals(other.other());
    }

    /** The agency CA and the IACA mean the same by a name; what else there is below the root may not. */
    private static boolean isSameAgency(Signer one, Signer other) {
        return agency(one.certificate())
                        .filter(agency -> isOfAgency(other.certificate(), agency))
                        .isPresent()
                && (one.iaca()
                        || other.iaca()
                        || one.certificate()
                                .getIssuerX500Principal()
                                .equals(other.certificate().getIssuerX500Principal()));
    }

    private static Optional<String> agency(X509Certificate certificate) {
        RDN[] organisations = X500Name.getInstance(
                        certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(BCStyle.O);
        return organisations.length == 1
                        && !organisations[0].isMultiValued()
                        && organisations[0].getFirst().getValue() instanceof ASN1String name
                ? Optional.of(name.getString())
                : Optional.empty();
    }
}
