package city.madang.identity.agencies;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.jose.Sha256;
import city.madang.identity.language.LocalText;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An agency as anyone sees it.
 *
 * @param did its did:web
 * @param certificates that are good now: of each purpose first the one whose key signs now; none while it is revoked
 * @param revoked absent while it may act
 */
record AgencyView(
        String id, LocalText name, String did, List<CertificateView> certificates, Agency.@Nullable Revoked revoked) {

    /**
     * A certificate.
     *
     * @param x5c base64 DER of leaf and intermediate
     * @param kid thumbprint of its key (RFC 7638)
     * @param sha256 of the leaf, hex
     * @param keyHolder {@code service}: identity-service signs with it; {@code other}: the agency itself does, or another service
     */
    record CertificateView(
            String purpose, List<String> x5c, String kid, String sha256, String keyHolder, Instant notAfter) {

        static CertificateView of(AgencyCertificate certificate) {
            return new CertificateView(
                    certificate.purpose().text(),
                    certificate.x5c(),
                    AgencyKeys.thumbprint(certificate),
                    Sha256.hex(certificate.leaf()),
                    certificate.isHeld() ? "service" : "other",
                    certificate.notAfter());
        }
    }

    /** @param all certificates that are good now, as {@link city.madang.identity.certificates.Certificates#valid} orders them */
    static AgencyView of(Agency agency, String did, List<AgencyCertificate> all) {
        Set<String> shown = new HashSet<>();
        return new AgencyView(
                agency.id(),
                agency.name(),
                did,
                agency.isRevoked()
                        ? List.of()
                        : all.stream()
                                .filter(certificate -> certificate.agency().equals(agency.id()))
                                .filter(certificate -> shown.add(certificate.purpose() + " "
                                        + (certificate.isHeld() ? "" : AgencyKeys.thumbprint(certificate))))
                                .map(CertificateView::of)
                                .toList(),
                agency.revoked());
    }
}
