package city.madang.identity.agencies;

import city.madang.identity.language.LocalText;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

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

    Agency toAgency() {
        return new Agency(id, new LocalText(nameKo, nameEn));
    }
}
