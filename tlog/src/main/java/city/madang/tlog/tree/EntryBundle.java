package city.madang.tlog.tree;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries one after another, each after its length as a big-endian uint16 (C2SP tlog-tiles, "Log entries"). */
public final class EntryBundle {

    /** What the length prefix can say. */
    public static final int LONGEST_ENTRY = 0xffff;

    private EntryBundle() {}

    public static byte[] of(List<byte[]> entries) {
        return append(new byte[0], entries);
    }

    /** The bundle with more entries at its end. */
    public static byte[] append(byte[] before, List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream(before.length + 160 * entries.size());
        bundle.writeBytes(before);
        for (byte[] entry : entries) {
            if (entry.length > LONGEST_ENTRY) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
            }
            bundle.write(entry.length >> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    /**
     * The entries of a bundle.
     *
     * @throws IllegalArgumentException if the bytes are not whole entries
     */
    public static List<byte[]> entries(byte[] bundle) {
        List<byte[]> entries = new ArrayList<>();
        for (int at = 0; at < bundle.length; ) {
            int end = end(bundle, at);
            entries.add(Arrays.copyOfRange(bundle, at + 2, end));
            at = end;
        }
        return entries;
    }

    /**
     * The first {@code width} entries of a bundle, as a bundle.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public static byte[] first(byte[] bundle, int width) {
        int at = 0;
        for (int i = 0; i < width; i++) {
            at = end(bundle, at);
        }
        return at == bundle.length ? bundle : Arrays.copyOf(bundle, at);
    }

    private static int end(byte[] bundle, int at) {
        int end = at + 2 > bundle.length
                ? Integer.MAX_VALUE
                : at + 2 + ((bundle[at] & 0xff) << 8 | bundle[at + 1] & 0xff);
        if (end > bundle.length) {
            throw new IllegalArgumentException("a bundle that ends within an entry");
        }
        return end;
    }
}
