package city.madang.identity.certificates;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "agency_certificate")
class CertificateEntity {
    @Id
    UUID id;

    String agency;
    String purpose;

    @Column(name = "key_sha256")
    String keySha256;

    @Column(name = "leaf_sha256")
    String leafSha256;

    /** Base64 DER of leaf and intermediate, separated by a space; the leaf alone if an IACA has signed it. */
    String chain;

    /** Number of the IACA that has signed it; null if the agency CA has. */
    @Nullable
    Integer iaca;

    Instant issued;

    @Column(name = "not_after")
    Instant notAfter;

    @Column(name = "key_version")
    @Nullable
    Integer keyVersion;

    @Column(name = "revoked_at")
    @Nullable
    Instant revokedAt;

    @Column(name = "revocation_reason")
    @Nullable
    String revocationReason;

    AgencyCertificate toCertificate() {
        return new AgencyCertificate(
                id, agency, Purpose.of(purpose).orElseThrow(), keyVersion, List.of(chain.split(" ")), issued, notAfter);
    }
}
