package city.madang.identity.authorization;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "access_token")
class AccessTokenEntity {
    @Id
    String sha256;

    @Column(name = "grant_id")
    UUID grant;

    /** Thumbprint of the key that it is bound to; null: to none. */
    @Column(name = "dpop_jkt")
    @Nullable
    String dpopJkt;

    @Column(name = "expires_at")
    Instant expiresAt;
}
