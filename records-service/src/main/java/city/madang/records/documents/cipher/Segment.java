package city.madang.records.documents.cipher;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The form of an encrypted document: a header of 16 bytes, then segments of 65,536 bytes of plaintext and 16 of tag, the last one
 * shorter. It is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce of a segment is the header's 7 random
 * bytes, the segment's number (4 bytes, big endian) and 1 for the last segment or 0, so that none can be left out, moved or cut off. Each segment
 * is bound to the header and to the id of what it belongs to (36 ASCII characters).
 */
final class Segment {

    static final int PLAIN_BYTES = 1 << 16;
    static final int TAG_BYTES = 16;
    static final int HEADER_BYTES = 16;

    /** Starts every header; version 1 of the form, segments of 2^16 bytes. */
    static final byte[] MAGIC = {'m', 'a', 'd', 'a', 'n', 'g', 1, 0, 16};

    static final int PREFIX_BYTES = HEADER_BYTES - MAGIC.length;

    private final Cipher cipher;
    private final SecretKey key;
    private final byte[] header;
    private final byte[] id;
    private int number;
    private boolean ended;

    Segment(SecretKey key, UUID id, byte[] header) throws GeneralSecurityException {
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        this.key = key;
        this.header = header;
        this.id = id.toString().getBytes(US_ASCII);
    }

    /** Encrypts or decrypts the next segment in its turn; bytes written to {@code out}. */
    int next(int mode, byte[] in, int length, boolean last, byte[] out) throws GeneralSecurityException {
        if (ended || number < 0) {
            throw new IllegalStateException("no segment may follow");
        }
        byte[] nonce = ByteBuffer.allocate(12)
                .put(header, MAGIC.length, PREFIX_BYTES)
                .putInt(number)
                .put((byte) (last ? 1 : 0))
                .array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(id);
        number++;
        ended = last;
        return cipher.doFinal(in, 0, length, out, 0);
    }
}
