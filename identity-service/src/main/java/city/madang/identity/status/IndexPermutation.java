package city.madang.identity.status;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A keyed permutation of {@code 0 … size-1}: a Feistel network over the next even number of bits, walked until it comes back into
 * the range (Black and Rogaway, "Ciphers with arbitrary finite domains"). So a counter gives each index once, and in an order
 * that nobody knows who has not the key (draft-ietf-oauth-status-list §12.5.1). Not safe for use by several threads at once.
 */
final class IndexPermutation {

    /** As many as FF1 (NIST SP 800-38G) takes: halves of ten bits are small, so a few rounds would not do. */
    private static final int ROUNDS = 10;

    private final int size;
    private final int halfBits;
    private final int halfMask;
    private final Mac mac;

    /** @param key secret, 32 bytes, of this list alone */
    IndexPermutation(byte[] key, int size) {
        if (size < 2) {
            throw new IllegalArgumentException("a list has at least two entries");
        }
        this.size = size;
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
        this.halfBits = (bits + 1) / 2;
        this.halfMask = (1 << halfBits) - 1;
        try {
            this.mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java has no HMAC", broken);
        }
    }

    /** The index of the {@code counter}-th entry; the domain is less than four times the range, so few steps are walked. */
    int index(int counter) {
        if (counter < 0 || counter >= size) {
            throw new IllegalArgumentException("beyond the end of the list");
        }
        int value = counter;
        do {
            value = encrypt(value);
        } while (value >= size || value < 0);
        return value;
    }

    private int encrypt(int value) {
        int left = (value >>> halfBits) & halfMask;
        int right = value & halfMask;
        for (int round = 0; round < ROUNDS; round++) {
            int next = left ^ f(round, right);
            left = right;
            right = next;
        }
        return (left << halfBits) | right;
    }

    private int f(int round, int half) {
        mac.update((byte) round);
        mac.update((byte) (half >>> 8));
        mac.update((byte) half);
        byte[] out = mac.doFinal();
        return (((out[0] & 0xff) << 8) | (out[1] & 0xff)) & halfMask;
    }
}
