package city.madang.identity.certificates;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Sha256;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A certificate of an agency as it is told to others.
 *
 * @param x5c base64 DER of leaf and intermediate, never the root (RFC 7515 §4.1.6)
 */
public record AgencyCertificate(
        UUID id, String agency, Purpose purpose, List<String> x5c, Instant issued, Instant notAfter) {

    public byte[] leaf() {
        return Base64.getDecoder().decode(x5c.getFirst());
    }

    /** OpenID4VP 1.0 §5.9.3: the client identifier of the {@code x509_hash} prefix. */
    public String x509HashClientId() {
        return "x509_hash:" + Base64Url.encode(Sha256.of(leaf()));
    }
}
