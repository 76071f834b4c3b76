package city.madang.identity.authorization;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "access_token")
class AccessTokenEntity {
    @Id
    String sha256;

    @Column(name = "grant_id")
    UUID grant;

    @Column(name = "expires_at")
    Instant expiresAt;
}
