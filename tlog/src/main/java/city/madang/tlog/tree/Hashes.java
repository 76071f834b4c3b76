package city.madang.tlog.tree;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** RFC 6962 §2.1 hashing with SHA-256: leaves and nodes are told apart by their first byte. */
public final class Hashes {

    public static final int BYTES = 32;

    private Hashes() {}

    public static byte[] leaf(byte[] entry) {
        MessageDigest digest = sha256();
        digest.update((byte) 0);
        return digest.digest(entry);
    }

    public static byte[] node(byte[] left, byte[] right) {
        MessageDigest digest = sha256();
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }

    /** The node over two hashes that stand one after the other. */
    static byte[] node(byte[] hashes, int offset) {
        MessageDigest digest = sha256();
        digest.update((byte) 1);
        digest.update(hashes, offset, 2 * BYTES);
        return digest.digest();
    }

    /** The root of the tree without entries. */
    public static byte[] empty() {
        return sha256().digest();
    }

    public static byte[] of(byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** One a thread: looking an algorithm up costs as much as hashing a node. */
    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    });

    private static MessageDigest sha256() {
        return SHA256.get();
    }
}
