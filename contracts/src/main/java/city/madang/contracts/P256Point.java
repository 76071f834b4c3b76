package city.madang.contracts;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;

/**
 * A public key on P-256, used with the JDK alone, so that what is checked with it needs nothing of this project's services.
 *
 * @param x of the point
 * @param y of the point
 */
public record P256Point(Bytes32 x, Bytes32 y) {

    /** SP 800-186, 3.2.1.3. */
    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);

    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);

    private static final BigInteger THREE = BigInteger.valueOf(3);

    /** Whether {@code signature} (r ‖ s, either form) is this key's over the message, ECDSA with SHA-256. */
    public boolean verifies(byte[] message, byte[] signature) {
        if (!isOnCurve() || signature.length != 64) {
            return false;
        }
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            PublicKey key = KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(
                            new ECPoint(x.unsigned(), y.unsigned()), curve.getParameterSpec(ECParameterSpec.class)));
            Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    private boolean isOnCurve() {
        BigInteger a = x.unsigned();
        BigInteger b = y.unsigned();
        if (a.compareTo(P) >= 0 || b.compareTo(P) >= 0) {
            return false;
        }
        BigInteger right = a.pow(3).subtract(a.multiply(THREE)).add(B).mod(P);
        return b.multiply(b).mod(P).equals(right);
    }
}
