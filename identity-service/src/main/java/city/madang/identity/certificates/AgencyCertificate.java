package city.madang.identity.certificates;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Sha256;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of an agency as it is told to others.
 *
 * @param keyVersion which of the agency's keys in the keyring it certifies; null if someone else holds the key
 * @param x5c base64 DER of leaf and intermediate, or of the leaf alone if it is below the IACA; never the root (RFC 7515 §4.1.6)
 */
public record AgencyCertificate(
        UUID id,
        String agency,
        Purpose purpose,
        @Nullable Integer keyVersion,
        List<String> x5c,
        Instant issued,
        Instant notAfter) {

    /** Whether this service signs with its key. */
    public boolean isHeld() {
        return keyVersion != null;
    }

    /** Where the keyring holds its key; only for one that this service holds. */
    public String keyId() {
        return purpose.keyId(agency, Objects.requireNonNull(keyVersion, "the key is held by another"));
    }

    /** The key that it certifies. */
    public ECPublicKey key() {
        return (ECPublicKey) certificate().getPublicKey();
    }

    public X509Certificate certificate() {
        return KeptCertificate.read(leaf(), "certificate " + id);
    }

    public byte[] leaf() {
        return Base64.getDecoder().decode(x5c.getFirst());
    }

    /** OpenID4VP 1.0 §5.9.3: the client identifier of the {@code x509_hash} prefix. */
    public String x509HashClientId() {
        return "x509_hash:" + Base64Url.encode(Sha256.of(leaf()));
    }
}
