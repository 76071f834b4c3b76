package city.madang.records.documents.cipher;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/** Encrypts what is written to it; the form is complete once this is closed. A key is for one document alone. */
public final class SegmentWriter extends OutputStream {

    private final OutputStream out;
    private final Segment segment;
    private final byte[] plain = new byte[Segment.PLAIN_BYTES];
    private final byte[] sealed = new byte[Segment.PLAIN_BYTES + Segment.TAG_BYTES];
    private int filled;
    private boolean closed;

    /** @param id of what the document belongs to; reading asks for the same */
    public SegmentWriter(OutputStream out, SecretKey key, UUID id, SecureRandom random) throws IOException {
        byte[] header = Arrays.copyOf(Segment.MAGIC, Segment.HEADER_BYTES);
        byte[] prefix = new byte[Segment.PREFIX_BYTES];
        random.nextBytes(prefix);
        System.arraycopy(prefix, 0, header, Segment.MAGIC.length, prefix.length);
        this.out = out;
        try {
            this.segment = new Segment(key, id, header);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java cannot encrypt", broken);
        }
        out.write(header);
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == plain.length) {
                seal(false);
            }
            int taken = Math.min(left, plain.length - filled);
            System.arraycopy(bytes, from, plain, filled, taken);
            filled += taken;
            from += taken;
            left -= taken;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            seal(true);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private void seal(boolean last) throws IOException {
        try {
            out.write(sealed, 0, segment.next(Cipher.ENCRYPT_MODE, plain, filled, last, sealed));
            filled = 0;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java cannot encrypt", broken);
        }
    }
}
