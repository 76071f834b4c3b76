package city.madang.contracts;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;

/** A holder's P-256 key, made and used with the JDK alone. */
final class Wallet {

    /** Order of the group of P-256 (SP 800-186, 3.2.1.3). */
    static final BigInteger N = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final KeyPair key;

    Wallet() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            key = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Bytes32 x() {
        return Bytes32.of(((ECPublicKey) key.getPublic()).getW().getAffineX());
    }

    Bytes32 y() {
        return Bytes32.of(((ECPublicKey) key.getPublic()).getW().getAffineY());
    }

    P256Signature sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.getPrivate());
            signature.update(message);
            return P256Signature.of(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean verifies(byte[] message, P256Signature given) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initVerify(key.getPublic());
            signature.update(message);
            byte[] bytes = new byte[64];
            System.arraycopy(given.r().bytes(), 0, bytes, 0, 32);
            System.arraycopy(given.s().bytes(), 0, bytes, 32, 32);
            return signature.verify(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The other signature that the same key and message have. */
    static P256Signature mirrored(P256Signature signature) {
        return new P256Signature(
                signature.r(), Bytes32.of(N.subtract(signature.s().unsigned())));
    }
}
