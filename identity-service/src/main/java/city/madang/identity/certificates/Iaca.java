package city.madang.identity.certificates;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * The city's Issuing Authority CA for mdocs (ISO/IEC 18013-5 B.1.2): the root to which verifiers of mdocs lead document signers.
 *
 * @param number 1 for the first; the next one comes with a key of its own years before this one ends
 * @param made since when the city has it
 */
public record Iaca(int number, X509Certificate certificate, Instant made) {

    public byte[] der() {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public boolean isOver(Instant now) {
        return !now.isBefore(certificate.getNotAfter().toInstant());
    }

    /** Where the keyring holds its key. */
    String keyId() {
        return keyId(number);
    }

    static String keyId(int number) {
        return "city/iaca/" + number;
    }
}
