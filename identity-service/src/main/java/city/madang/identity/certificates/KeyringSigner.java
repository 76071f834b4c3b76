package city.madang.identity.certificates;

import city.madang.kit.keys.Keyring;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;

/** Signs certificates and CRLs with a P-256 key of the keyring: {@code ecdsa-with-SHA256} (RFC 5758 §3.2). Blocking. */
final class KeyringSigner implements ContentSigner {

    private final Keyring keyring;
    private final String keyId;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    KeyringSigner(Keyring keyring, String keyId) {
        this.keyring = keyring;
        this.keyId = keyId;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    }

    @Override
    public OutputStream getOutputStream() {
        return content;
    }

    /** {@code Ecdsa-Sig-Value} (RFC 3279 §2.2.3) of what the keyring gives as {@code r ‖ s}. */
    @Override
    public byte[] getSignature() {
        byte[] raw = keyring.sign(keyId, content.toByteArray());
        int half = raw.length / 2;
        try {
            return new DERSequence(new ASN1Integer[] {
                        new ASN1Integer(new BigInteger(1, Arrays.copyOf(raw, half))),
                        new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(raw, half, raw.length)))
                    })
                    .getEncoded();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
