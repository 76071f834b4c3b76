package city.madang.identity.certificates;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Reads a certificate that this service wrote itself, so that one that cannot be read is nobody's mistake but its own. */
final class KeptCertificate {

    private KeptCertificate() {}

    /**
     * @param name for the message
     * @throws IllegalStateException if it is damaged
     */
    static X509Certificate read(byte[] der, String name) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException damaged) {
            throw new IllegalStateException(name + " is damaged", damaged);
        }
    }
}
