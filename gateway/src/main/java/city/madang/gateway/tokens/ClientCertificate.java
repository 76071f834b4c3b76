package city.madang.gateway.tokens;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * The certificate with which the other end of a connection proved itself, its chain checked by TLS.
 *
 * @param thumbprint {@code x5t#S256} (RFC 8705, section 3.1)
 * @param field value of {@code Client-Cert} (RFC 9440, section 2.2)
 */
public record ClientCertificate(String thumbprint, String field) {

    /** Reads a leaf. */
    public static ClientCertificate of(X509Certificate leaf) {
        try {
            byte[] der = leaf.getEncoded();
            return new ClientCertificate(
                    Sha256.base64Url(der), ":" + Base64.getEncoder().encodeToString(der) + ":");
        } catch (CertificateEncodingException broken) {
            throw new IllegalArgumentException("a certificate that can't be encoded", broken);
        }
    }
}
