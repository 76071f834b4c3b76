package city.madang.identity.certificates;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A list of revoked certificates as it was published. */
@Entity
@Table(name = "iaca_crl")
class CrlEntity {

    /** One more than that of the last list of any IACA, so that each one's numbers increase (RFC 5280 §5.2.3). */
    @Id
    long number;

    int iaca;

    @Column(name = "content_sha256")
    String contentSha256;

    /** Base64 DER. */
    String body;

    Instant issued;

    @Column(name = "next_update")
    Instant nextUpdate;
}
