package city.madang.records.documents.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A ZIP archive (APPNOTE 6.3.10) that every reader reads alike: entries one after another from the first byte on, each unfolded and checked,
 * then a directory that lists each of them once, where it is and as it is named there, then the end. So no entry overlaps another, none hides, none leads out of
 * the folder, and none unfolds without bound. ZIP64, encryption and methods other than stored and deflated are not taken.
 */
final class ZipScan {

    private static final int MOST_ENTRIES = 10_000;
    private static final int DEEPEST = 2;
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int SYMBOLIC_LINK = 0xa000;

    /** What all archives in one document may unfold to. */
    static final class Budget {

        private final long mostBytes;
        private final long free;
        private final int ratio;
        private long unfolded;
        private long read;

        /**
         * @param mostBytes in all
         * @param free bytes for which no ratio is asked
         * @param ratio of what is unfolded to what was read
         */
        Budget(long mostBytes, long free, int ratio) {
            this.mostBytes = mostBytes;
            this.free = free;
            this.ratio = ratio;
        }

        void take(long bytes) throws Refused {
            unfolded += bytes;
            if (unfolded > mostBytes || (unfolded > free && unfolded > read * ratio)) {
                throw new Refused("the archive unfolds to far more than it is");
            }
        }
    }

    private record Entry(String name, int method, long crc, long size) {}

    private final InputStream in;
    private final Budget budget;
    private final int depth;
    private final byte[] buffer = new byte[1 << 15];
    private int from;
    private int to;
    private long before;
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private String mimetype = "";

    private ZipScan(InputStream in, Budget budget, int depth) {
        this.in = in;
        this.budget = budget;
        this.depth = depth;
    }

    static void scan(Format declared, InputStream in) throws IOException, Refused {
        scan(declared, in, new Budget(2L << 30, 64L << 20, 150));
    }

    static void scan(Format declared, InputStream in, Budget budget) throws IOException, Refused {
        try {
            ZipScan zip = new ZipScan(in, budget, 1);
            zip.whole();
            zip.refuseOtherThan(declared);
        } catch (EOFException cut) {
            throw new Refused("the archive is cut off");
        }
    }

    private void refuseOtherThan(Format declared) throws Refused {
        String part =
                switch (declared) {
                    case DOCX -> "word/document.xml";
                    case XLSX -> "xl/workbook.xml";
                    case PPTX -> "ppt/presentation.xml";
                    case ODT -> "content.xml";
                    case HWPX -> "Contents/content.hpf";
                    default -> "";
                };
        boolean labelled = declared == Format.ODT || declared == Format.HWPX
                ? mimetype.equals(declared.mediaType())
                : part.isEmpty() || names.contains("[Content_Types].xml");
        if (!labelled || (!part.isEmpty() && !names.contains(part))) {
            throw new Refused("the archive is not a file of " + declared.mediaType());
        }
        if (!part.isEmpty() && names.stream().anyMatch(ZipScan::isProgram)) {
            throw new Refused("an office file may hold no macros and no embedded objects");
        }
    }

    private static boolean isProgram(String name) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        return lower.endsWith("vbaproject.bin")
                || lower.endsWith("/oleobject1.bin")
                || lower.contains("/embeddings/")
                || lower.contains("/activex/")
                || lower.startsWith("basic/")
                || lower.startsWith("scripts/");
    }

    private void whole() throws IOException, Refused {
        while (true) {
            long at = position();
            int signature = int4();
            if (signature == LOCAL) {
                local(at);
            } else if (signature == CENTRAL && !entries.isEmpty()) {
                directory();
                return;
            } else if (signature == END && entries.isEmpty()) {
                end(0);
                return;
            } else {
                throw new Refused("it is not a ZIP archive that can be read from its start");
            }
        }
    }

    private void local(long at) throws IOException, Refused {
        if (entries.size() == MOST_ENTRIES) {
            throw new Refused("the archive has more than " + MOST_ENTRIES + " entries");
        }
        int2();
        int flags = int2();
        int method = int2();
        int4();
        long crc = Integer.toUnsignedLong(int4());
        long compressed = Integer.toUnsignedLong(int4());
        long size = Integer.toUnsignedLong(int4());
        int nameLength = int2();
        int extraLength = int2();
        String name = name(bytes(nameLength), flags);
        bytes(extraLength);
        boolean later = (flags & 8) != 0;
        if ((flags & ~(8 | 0x0806)) != 0) {
            throw new Refused("the archive is encrypted or of a kind that is not taken");
        }
        if ((method != 0 && method != 8) || (later && method == 0)) {
            throw new Refused("the archive uses a method that is not taken");
        }
        if (!names.add(name)) {
            throw new Refused("the archive names an entry twice");
        }
        if (!FileName.leadsNowhere(name)) {
            throw new Refused("a name in the archive leads out of its folder or holds what no name may");
        }
        long start = position();
        Entry found;
        try (Content content = method == 0 ? new Stored(compressed) : new Deflated()) {
            look(name, content);
            content.drain();
            found = new Entry(name, method, content.crc.getValue(), content.length);
        }
        long took = position() - start;
        if (later) {
            int first = int4();
            crc = Integer.toUnsignedLong(first == DESCRIPTOR ? int4() : first);
            compressed = Integer.toUnsignedLong(int4());
            size = Integer.toUnsignedLong(int4());
        }
        if (crc != found.crc() || size != found.size() || compressed != took) {
            throw new Refused("an entry of the archive is not what it says");
        }
        entries.put(at, found);
    }

    /** Archives in the archive count on the same budget. */
    private void look(String name, Content content) throws IOException, Refused {
        java.io.BufferedInputStream inner = new java.io.BufferedInputStream(content, 1 << 14);
        inner.mark(128);
        byte[] start = inner.readNBytes(100);
        inner.reset();
        if (name.equals("mimetype")) {
            mimetype = new String(start, UTF_8).strip();
        }
        if (start.length >= 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4) {
            if (depth == DEEPEST) {
                throw new Refused("archives are nested too deeply");
            }
            try {
                new ZipScan(inner, budget, depth + 1).whole();
            } catch (EOFException cut) {
                refused(content);
                throw cut;
            }
        }
        refused(content);
    }

    private static void refused(Content content) throws Refused {
        if (content.refused != null) {
            throw content.refused;
        }
    }

    private void directory() throws IOException, Refused {
        int listed = 0;
        int signature = CENTRAL;
        while (signature == CENTRAL) {
            int madeBy = int2();
            int2();
            int flags = int2();
            int method = int2();
            int4();
            long crc = Integer.toUnsignedLong(int4());
            int4();
            long size = Integer.toUnsignedLong(int4());
            int nameLength = int2();
            int extraLength = int2();
            int commentLength = int2();
            int2();
            int2();
            int mode = int4() >>> 16;
            long at = Integer.toUnsignedLong(int4());
            String name = name(bytes(nameLength), flags);
            bytes(extraLength);
            bytes(commentLength);
            Entry entry = entries.remove(at);
            if (entry == null
                    || !entry.name().equals(name)
                    || entry.method() != method
                    || entry.crc() != crc
                    || entry.size() != size) {
                throw new Refused("the archive's directory is not about its entries");
            }
            if (madeBy >>> 8 == 3 && (mode & 0xf000) == SYMBOLIC_LINK) {
                throw new Refused("the archive holds a link");
            }
            listed++;
            signature = int4();
        }
        if (signature != END || !entries.isEmpty()) {
            throw new Refused("the archive's directory is not about its entries");
        }
        end(listed);
    }

    private void end(int listed) throws IOException, Refused {
        int disks = int4();
        int onThisDisk = int2();
        int inAll = int2();
        if (disks != 0 || onThisDisk != listed || inAll != listed) {
            throw new Refused("the archive's end is not about its directory");
        }
        int4();
        int4();
        bytes(int2());
        if (fill()) {
            throw new Refused("something follows after the archive");
        }
    }

    private static String name(byte[] bytes, int flags) {
        return new String(bytes, (flags & 0x800) != 0 ? UTF_8 : ISO_8859_1);
    }

    /** Bytes of an entry, unfolded. {@code IOException}s must pass through the stream, so a refusal waits in a field. */
    private abstract class Content extends InputStream {

        final CRC32 crc = new CRC32();
        long length;

        @Nullable
        Refused refused;

        abstract int more(byte[] bytes, int offset, int wanted) throws IOException, Refused;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int wanted) throws IOException {
            if (refused != null) {
                return -1;
            }
            try {
                int read = more(bytes, offset, wanted);
                if (read > 0) {
                    crc.update(bytes, offset, read);
                    length += read;
                    budget.take(read);
                }
                return read;
            } catch (Refused reason) {
                refused = reason;
                return -1;
            }
        }

        void drain() throws IOException, Refused {
            byte[] rest = new byte[1 << 14];
            while (read(rest, 0, rest.length) >= 0) {
                // counted and checked on the way
            }
            refused(this);
        }

        @Override
        public void close() {}
    }

    private final class Stored extends Content {

        private long left;

        Stored(long size) {
            this.left = size;
        }

        @Override
        int more(byte[] bytes, int offset, int wanted) throws IOException {
            if (left == 0) {
                return -1;
            }
            if (!fill()) {
                throw new EOFException();
            }
            int taken = (int) Math.min(Math.min(wanted, left), to - from);
            System.arraycopy(buffer, from, bytes, offset, taken);
            from += taken;
            left -= taken;
            return taken;
        }
    }

    private final class Deflated extends Content {

        private final Inflater inflater = new Inflater(true);

        @Override
        int more(byte[] bytes, int offset, int wanted) throws IOException, Refused {
            try {
                while (true) {
                    if (inflater.finished()) {
                        return -1;
                    }
                    if (inflater.needsInput()) {
                        if (!fill()) {
                            throw new EOFException();
                        }
                        inflater.setInput(buffer, from, to - from);
                    }
                    int read = inflater.inflate(bytes, offset, wanted);
                    from = to - inflater.getRemaining();
                    if (read > 0) {
                        return read;
                    }
                    if (inflater.needsDictionary()) {
                        throw new Refused("an entry of the archive is damaged");
                    }
                }
            } catch (DataFormatException damaged) {
                throw new Refused("an entry of the archive is damaged");
            }
        }

        @Override
        public void close() {
            inflater.end();
        }
    }

    private long position() {
        return before + from;
    }

    private boolean fill() throws IOException {
        if (from < to) {
            return true;
        }
        before += to;
        from = 0;
        to = Math.max(0, in.read(buffer, 0, buffer.length));
        budget.read += depth == 1 ? to : 0;
        return to > 0;
    }

    private int byte1() throws IOException {
        if (!fill()) {
            throw new EOFException();
        }
        return buffer[from++] & 0xff;
    }

    private int int2() throws IOException {
        int low = byte1();
        return low | byte1() << 8;
    }

    private int int4() throws IOException {
        int low = int2();
        return low | int2() << 16;
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) byte1();
        }
        return bytes;
    }
}
