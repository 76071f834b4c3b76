package city.madang.identity.agencies;

import city.madang.identity.language.LocalText;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "agency")
class AgencyEntity {
    @Id
    String id;

    @Column(name = "name_ko")
    String nameKo;

    @Column(name = "name_en")
    String nameEn;

    Instant registered;

    @Column(name = "revoked_at")
    @Nullable
    Instant revokedAt;

    @Column(name = "revocation_reason")
    @Nullable
    String revocationReason;

    Agency toAgency() {
        Instant since = revokedAt;
        String reason = revocationReason;
        return new Agency(
                id,
                new LocalText(nameKo, nameEn),
                since == null || reason == null ? null : new Agency.Revoked(since, reason));
    }
}
