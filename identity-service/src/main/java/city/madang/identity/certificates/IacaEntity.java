package city.madang.identity.certificates;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
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
        try {
            return new Iaca(
                    number,
                    (X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(Base64.getDecoder().decode(certificate))),
                    made);
        } catch (CertificateException damaged) {
            throw new IllegalStateException("the certificate of IACA " + number + " is damaged", damaged);
        }
    }
}
