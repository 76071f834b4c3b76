package city.madang.identity.trust;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** One publication of the trust list. */
@Entity
@Table(name = "trust_list")
class TrustListEntity {
    @Id
    long sequence;

    @Column(name = "content_sha256")
    String contentSha256;

    @Column(name = "signer_sha256")
    String signerSha256;

    /** Compact JWS. */
    String body;

    Instant issued;

    @Column(name = "next_update")
    Instant nextUpdate;
}
