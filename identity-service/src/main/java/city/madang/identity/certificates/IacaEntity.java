package city.madang.identity.certificates;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Base64;

@Entity
@Table(name = "iaca")
class IacaEntity {
    @Id
    int number;

    /** Base64 DER. */
    String certificate;

    Instant made;

    @Column(name = "not_after")
    Instant notAfter;

    Iaca toIaca() {
        byte[] der = Base64.getDecoder().decode(certificate);
        return new Iaca(number, KeptCertificate.read(der, "the certificate of IACA " + number), made);
    }
}
