package city.madang.identity.authorization;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

@Entity
@Table(name = "refresh_token")
class RefreshTokenEntity {
    @Id
    String sha256;

    @Column(name = "grant_id")
    UUID grant;

    int generation;
}
