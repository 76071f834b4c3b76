package city.madang.records.log.tree;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Entries one after another, each after its length as a big-endian uint16 (C2SP tlog-tiles, "Log entries"). */
public final class EntryBundle {

    /** What the length prefix can say. */
    public static final int LONGEST_ENTRY = 0xffff;

    private EntryBundle() {}

    public static byte[] of(List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
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
}
