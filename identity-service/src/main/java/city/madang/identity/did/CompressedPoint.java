package city.madang.identity.did;

import city.madang.identity.jose.Malformed;
import city.madang.kit.p256.P256;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;

/** A point of P-256 as 33 bytes: the sign of y, then x (SEC 1 §2.3.4). */
final class CompressedPoint {

    static final int BYTES = 33;

    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private CompressedPoint() {}

    /** @throws Malformed if no point of the curve has this x */
    static ECPublicKey decode(byte[] bytes) throws Malformed {
        if (bytes.length != BYTES || (bytes[0] != 2 && bytes[0] != 3)) {
            throw new Malformed("a P-256 key must be a compressed point of 33 bytes");
        }
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(bytes, 1, BYTES));
        BigInteger square =
                x.modPow(THREE, P).subtract(x.multiply(THREE)).add(B).mod(P);
        // P is 3 modulo 4: this is a root of the square if there is any, which publicKey checks
        BigInteger root = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
        BigInteger y = root.testBit(0) == ((bytes[0] & 1) == 1) ? root : P.subtract(root);
        try {
            return P256.publicKey(x, y);
        } catch (IllegalArgumentException offCurve) {
            throw new Malformed("the key is not on P-256");
        }
    }

    static byte[] encode(ECPublicKey key) {
        byte[] bytes = new byte[BYTES];
        byte[] x = key.getW().getAffineX().toByteArray();
        int length = Math.min(x.length, BYTES - 1);
        System.arraycopy(x, x.length - length, bytes, BYTES - length, length);
        bytes[0] = (byte) (key.getW().getAffineY().testBit(0) ? 3 : 2);
        return bytes;
    }
}
