package city.madang.identity.status;

import city.madang.identity.jose.Malformed;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The values of a status list (draft-ietf-oauth-status-list §4.1): 1, 2, 4 or 8 bits for each entry, the first entry in the least
 * significant bits of the first byte. Not safe for use by several threads at once.
 */
final class StatusArray {

    private static final int CHUNK = 8192;

    private final int bits;
    private final byte[] bytes;

    private StatusArray(int bits, byte[] bytes) {
        this.bits = bits;
        this.bytes = bytes;
    }

    /** All entries 0, valid; {@code size} is rounded up to whole bytes. */
    static StatusArray of(int bits, int size) {
        if (!isWidth(bits)) {
            throw new IllegalArgumentException("a status has 1, 2, 4 or 8 bits");
        }
        int perByte = Byte.SIZE / bits;
        return new StatusArray(bits, new byte[(size + perByte - 1) / perByte]);
    }

    static boolean isWidth(long bits) {
        return bits == 1 || bits == 2 || bits == 4 || bits == 8;
    }

    /**
     * Reads a compressed list.
     *
     * @param most bytes that it may have when decompressed; reading stops there (a compression bomb costs no more)
     * @throws Malformed if it is not one whole ZLIB stream, too long, or of another width
     */
    static StatusArray inflate(long bits, byte[] compressed, int most) throws Malformed {
        if (!isWidth(bits)) {
            throw new Malformed("bits must be 1, 2, 4 or 8");
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK];
            while (!inflater.finished()) {
                int read = inflater.inflate(chunk);
                if (read == 0 && !inflater.finished()) {
                    throw new Malformed("the list is not a whole ZLIB stream");
                }
                if (out.size() + read > most) {
                    throw new Malformed("the list is too long");
                }
                out.write(chunk, 0, read);
            }
            if (inflater.getRemaining() != 0) {
                throw new Malformed("something follows the list");
            }
            return new StatusArray((int) bits, out.toByteArray());
        } catch (DataFormatException broken) {
            throw new Malformed("the list is not compressed with ZLIB");
        } finally {
            inflater.end();
        }
    }

    int bits() {
        return bits;
    }

    /** Bytes when not compressed. */
    int length() {
        return bytes.length;
    }

    /** Number of entries. */
    long size() {
        return (long) bytes.length * Byte.SIZE / bits;
    }

    /** @throws Malformed if there is no such entry */
    int get(long index) throws Malformed {
        if (index < 0 || index >= size()) {
            throw new Malformed("the index is out of the list's range");
        }
        long bit = index * bits;
        return ((bytes[(int) (bit / Byte.SIZE)] & 0xff) >>> (bit % Byte.SIZE)) & mask();
    }

    void set(int index, int value) {
        if (index < 0 || index >= size() || value < 0 || value > mask()) {
            throw new IllegalArgumentException("no such entry, or no such value");
        }
        long bit = (long) index * bits;
        int at = (int) (bit / Byte.SIZE);
        int shift = (int) (bit % Byte.SIZE);
        bytes[at] = (byte) ((bytes[at] & ~(mask() << shift)) | (value << shift));
    }

    private int mask() {
        return (1 << bits) - 1;
    }

    /** ZLIB at the highest level, as §4.1 recommends. */
    byte[] deflate() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    StatusArray copy() {
        return new StatusArray(bits, Arrays.copyOf(bytes, bytes.length));
    }
}
