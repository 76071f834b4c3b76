package city.madang.records.documents.cipher;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Decrypts. No byte of a segment comes out before the segment is authenticated, and the end only after the last one. */
public final class SegmentReader extends InputStream {

    /** The ciphertext is not what was written: altered, cut, put together anew, or of another document. */
    public static final class Altered extends IOException {
        Altered(String what, @Nullable Throwable cause) {
            super(what, cause);
        }
    }

    private final PushbackInputStream in;
    private final Segment segment;
    private final byte[] sealed = new byte[Segment.PLAIN_BYTES + Segment.TAG_BYTES];
    private final byte[] plain = new byte[Segment.PLAIN_BYTES];
    private int at;
    private int filled;
    private boolean ended;

    public SegmentReader(InputStream in, SecretKey key, UUID id) throws IOException {
        this.in = new PushbackInputStream(in, Segment.HEADER_BYTES);
        byte[] header = this.in.readNBytes(Segment.HEADER_BYTES);
        if (!startsHere(header)) {
            throw new Altered("the header is not one", null);
        }
        try {
            this.segment = new Segment(key, id, header);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java cannot decrypt", broken);
        }
    }

    /** Whether these bytes are the start of this form. */
    public static boolean startsHere(byte[] bytes) {
        return bytes.length >= Segment.HEADER_BYTES
                && Arrays.equals(bytes, 0, Segment.MAGIC.length, Segment.MAGIC, 0, Segment.MAGIC.length);
    }

    /** Bytes of a header. */
    public static int headerBytes() {
        return Segment.HEADER_BYTES;
    }

    @Override
    public int read() throws IOException {
        return at < filled || more() ? plain[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == filled && !more()) {
            return -1;
        }
        int taken = Math.min(length, filled - at);
        System.arraycopy(plain, at, bytes, offset, taken);
        at += taken;
        return taken;
    }

    private boolean more() throws IOException {
        if (ended) {
            return false;
        }
        int length = in.readNBytes(sealed, 0, sealed.length);
        int beyond = length < sealed.length ? -1 : in.read();
        if (beyond >= 0) {
            in.unread(beyond);
        }
        boolean last = beyond < 0;
        if (length < Segment.TAG_BYTES) {
            throw new Altered("it ends within a segment", null);
        }
        at = 0;
        filled = 0;
        try {
            filled = segment.next(Cipher.DECRYPT_MODE, sealed, length, last, plain);
        } catch (GeneralSecurityException refused) {
            throw new Altered("a segment is not authentic", refused);
        }
        ended = last;
        return filled > 0;
    }

    @Override
    public void close() throws IOException {
        Arrays.fill(plain, (byte) 0);
        at = 0;
        filled = 0;
        ended = true;
        in.close();
    }
}
