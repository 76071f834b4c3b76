package city.madang.records.agencies;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An agency as the identity service registered it. */
@Entity
@Table(name = "agency")
public class Agency {

    @Id
    String agency;

    @Column(name = "name_ko")
    String nameKo;

    @Column(name = "name_en")
    String nameEn;

    /** When a certificate for the seal was asked for. */
    Instant requested;

    /** Certificates of the seal, leaf first, base64 DER, one a line; null until they are issued. */
    @Nullable
    String chain;

    protected Agency() {}

    Agency(String agency, Instant requested) {
        this.agency = agency;
        this.requested = requested;
        this.nameKo = agency;
        this.nameEn = agency;
    }
}
