package city.madang.identity.mdoc;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.jose.Malformed;
import city.madang.kit.p256.P256;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;

/** A P-256 key as a {@code COSE_Key} (RFC 9052 §7, RFC 9053 §7.1.1), the point uncompressed. */
final class CoseKey {

    static final long KTY = 1;
    static final long EC2 = 2;
    static final long CRV = -1;
    static final long P_256 = 1;
    static final long X = -2;
    static final long Y = -3;
    private static final long D = -4;
    private static final int COORDINATE_BYTES = 32;

    private CoseKey() {}

    /** @throws Malformed if it is not a public P-256 key with both coordinates, or lies off the curve */
    static ECPublicKey parse(CborMap key) throws Malformed {
        if (key.integer(KTY) != EC2 || key.integer(CRV) != P_256 || key.has(D)) {
            throw new Malformed("the device's key must be a public key on P-256");
        }
        byte[] x = key.bytes(X);
        byte[] y = key.bytes(Y);
        if (x.length != COORDINATE_BYTES || y.length != COORDINATE_BYTES) {
            throw new Malformed("a coordinate of P-256 has 32 bytes");
        }
        try {
            return P256.publicKey(new BigInteger(1, x), new BigInteger(1, y));
        } catch (IllegalArgumentException offCurve) {
            throw new Malformed("the device's key is not on P-256");
        }
    }
}
