package city.madang.contracts;

import java.util.Arrays;

/**
 * An ECDSA signature on P-256. The ledger takes a high {@code s} as well as a low one.
 *
 * @param r first half
 * @param s second half
 */
public record P256Signature(Bytes32 r, Bytes32 s) {

    /**
     * Reads r‖s, the form of IEEE P1363, WebCrypto and JWS.
     *
     * @throws IllegalArgumentException unless there are exactly 64 bytes
     */
    public static P256Signature of(byte[] bytes) {
        if (bytes.length != 64) {
            throw new IllegalArgumentException("not 64 bytes but " + bytes.length);
        }
        return new P256Signature(
                Bytes32.of(Arrays.copyOfRange(bytes, 0, 32)), Bytes32.of(Arrays.copyOfRange(bytes, 32, 64)));
    }
}
