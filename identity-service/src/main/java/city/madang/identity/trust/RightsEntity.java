package city.madang.identity.trust;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "agency_rights")
class RightsEntity {
    @Id
    String agency;

    @Column(name = "own_types")
    boolean ownTypes;

    String issues;
    String asks;

    @Column(name = "set_at")
    Instant setAt;

    AgencyRights toRights() {
        return RightsJson.stored(ownTypes, issues, asks);
    }
}
