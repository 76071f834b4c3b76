package city.madang.records.documents.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A PDF (ISO 32000-2) that only shows something. Objects may hide in compressed streams and a reader may follow a table to any byte, so this
 * does not follow the structure: it reads every byte of the file, and of every stream that unfolds, as if names could stand there, and refuses the file for a name that
 * stands for a script, a launch, an embedded file or encryption. Object streams in a form in which names cannot be seen are refused too.
 */
final class PdfScan {

    /** Long enough that no random bytes pass for one. */
    private static final Set<String> HARMFUL = Set.of(
            "JavaScript",
            "Launch",
            "EmbeddedFile",
            "EmbeddedFiles",
            "RichMedia",
            "ImportData",
            "SubmitForm",
            "GoToE",
            "Rendition",
            "Encrypt");

    private static final long MOST_UNFOLDED = 2L << 30;

    /** Streams that begin before an earlier one has ended: one by chance, more on purpose. */
    private static final int MOST_AT_ONCE = 4;

    private static final int LONGEST_NAME = 40;
    private static final int TAIL = 2_048;

    private final long mostUnfolded;
    private final Names names = new Names();
    private final List<Unfolding> unfolding = new ArrayList<>();
    private final byte[] tail = new byte[TAIL];
    private long read;
    private long unfolded;

    // where the lexer is, outside of streams
    private boolean inStream;
    private boolean inComment;
    private boolean escaped;
    private int depth;
    private long recent;

    // names of the dictionary before a stream
    private boolean count;
    private boolean first;
    private boolean filter;
    private boolean parameters;
    private int flate;
    private int otherFilters;

    private PdfScan(long mostUnfolded) {
        this.mostUnfolded = mostUnfolded;
    }

    static void scan(InputStream in) throws IOException, Refused {
        scan(in, MOST_UNFOLDED);
    }

    static void scan(InputStream in, long mostUnfolded) throws IOException, Refused {
        PdfScan scan = new PdfScan(mostUnfolded);
        try {
            byte[] buffer = new byte[1 << 15];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                scan.take(buffer, length);
            }
            scan.end();
        } finally {
            scan.unfolding.forEach(Unfolding::end);
        }
    }

    private void take(byte[] bytes, int length) throws Refused {
        int fed = 0;
        for (int i = 0; i < length; i++) {
            int c = bytes[i] & 0xff;
            tail[(int) (read++ % TAIL)] = (byte) c;
            lex(c);
            if (streamBegins(c)) {
                // what came before belongs to those that are under way
                feed(bytes, fed, i + 1);
                fed = i + 1;
                judgeDictionary();
                if (unfolding.size() == MOST_AT_ONCE) {
                    throw new Refused("the PDF has streams within streams");
                }
                unfolding.add(new Unfolding());
                inStream |= depth == 0;
            }
            recent = recent << 8 | c;
        }
        feed(bytes, fed, length);
    }

    /** After the keyword {@code stream} and its end of line. */
    private boolean streamBegins(int c) {
        if (c != '\n') {
            return false;
        }
        // a carriage return may stand between
        long word = (recent & 0xff) == '\r' ? recent >>> 8 : recent;
        return (word & 0xffff_ffff_ffffL) == 0x73_74_72_65_61_6dL && (word >>> 48 & 0xff) != 'd';
    }

    private void feed(byte[] bytes, int from, int to) throws Refused {
        for (Iterator<Unfolding> each = unfolding.iterator(); each.hasNext(); ) {
            Unfolding stream = each.next();
            if (!stream.feed(bytes, from, to)) {
                stream.end();
                each.remove();
            }
        }
    }

    /** Strings, comments and objects, as far as it takes to know where a dictionary begins. */
    private void lex(int c) throws Refused {
        names.take(c);
        if (inStream) {
            // "endstream"
            if (c == 'm' && (recent & 0xff_ffff_ffff_ffffL) == 0x6e_64_73_74_72_65_61L) {
                inStream = false;
                depth = 0;
                inComment = false;
                escaped = false;
            }
            return;
        }
        if (escaped) {
            escaped = false;
        } else if (inComment) {
            inComment = c != '\n' && c != '\r';
        } else if (depth > 0 && c == '\\') {
            escaped = true;
        } else if (c == '(') {
            depth++;
        } else if (c == ')') {
            depth = Math.max(0, depth - 1);
        } else if (depth == 0 && c == '%') {
            inComment = true;
        } else if (depth == 0 && c == 'j' && (recent & 0xffff) == 0x6f62) {
            // "obj": another object begins or ends
            forgetDictionary();
        }
    }

    /** An object stream has N and First (7.5.7); only one FlateDecode without parameters shows the names in it. */
    private void judgeDictionary() throws Refused {
        boolean plain = filter ? flate == 1 && otherFilters == 0 : flate == 0 && otherFilters == 0;
        if (count && first && (parameters || !plain)) {
            throw new Refused("the PDF keeps objects in a form that cannot be inspected");
        }
        forgetDictionary();
    }

    private void forgetDictionary() {
        count = false;
        first = false;
        filter = false;
        parameters = false;
        flate = 0;
        otherFilters = 0;
    }

    private void noted(String name) throws Refused {
        refuseHarmful(name);
        switch (name) {
            case "N" -> count = true;
            case "First" -> first = true;
            case "Filter", "F" -> filter = true;
            case "DecodeParms", "DP" -> parameters = true;
            case "FlateDecode", "Fl" -> flate++;
            default -> {
                if (name.endsWith("Decode") || name.equals("Crypt") || name.equals("LZW") || name.equals("A85")) {
                    otherFilters++;
                }
            }
        }
    }

    private static void refuseHarmful(String name) throws Refused {
        if (HARMFUL.contains(name)) {
            throw new Refused(
                    "the PDF holds " + name + ": scripts, launches, attachments and encryption are not taken");
        }
    }

    private void end() throws Refused {
        names.take(' ');
        int kept = (int) Math.min(read, TAIL);
        byte[] last = new byte[kept];
        for (int i = 0; i < kept; i++) {
            last[i] = tail[(int) ((read - kept + i) % TAIL)];
        }
        String text = new String(last, ISO_8859_1);
        int marker = text.lastIndexOf("%%EOF");
        if (marker < 0 || kept - marker > 1_024 || text.lastIndexOf("startxref", marker) < 0) {
            throw new Refused("the PDF is cut off, or something follows after it");
        }
    }

    /** Puts names together, with {@code #xx} read as the character that it stands for (7.3.5). */
    private final class Names {

        private final StringBuilder name = new StringBuilder();
        private boolean inName;
        private int hex = -1;
        private int high;

        void take(int c) throws Refused {
            if (inName && hex >= 0) {
                int digit = Character.digit(c, 16);
                if (digit >= 0 && c < 128) {
                    if (hex == 0) {
                        high = digit;
                        hex = 1;
                    } else {
                        append(high << 4 | digit);
                        hex = -1;
                    }
                    return;
                }
                hex = -1;
            }
            if (inName && delimits(c)) {
                inName = false;
                noted(name.toString());
            }
            if (c == '/') {
                inName = true;
                name.setLength(0);
            } else if (inName && c == '#') {
                hex = 0;
            } else if (inName) {
                append(c);
            }
        }

        private void append(int c) {
            if (name.length() < LONGEST_NAME) {
                name.append((char) c);
            }
        }

        private static boolean delimits(int c) {
            return c <= ' ' || "()<>[]{}/%".indexOf(c) >= 0;
        }
    }

    /** What a stream unfolds to, if it is deflated at all; looked through for harmful names alone. */
    private final class Unfolding {

        private final Inflater inflater = new Inflater();
        private final byte[] out = new byte[1 << 15];
        private final StringBuilder name = new StringBuilder();
        private boolean inName;

        /** Whether more may come. */
        boolean feed(byte[] bytes, int from, int to) throws Refused {
            if (from == to) {
                return true;
            }
            inflater.setInput(bytes, from, to - from);
            try {
                while (!inflater.finished() && !inflater.needsDictionary()) {
                    int length = inflater.inflate(out);
                    if (length == 0) {
                        return inflater.needsInput();
                    }
                    unfolded += length;
                    if (unfolded > mostUnfolded) {
                        throw new Refused("the PDF unfolds to far more than it is");
                    }
                    look(length);
                }
                return false;
            } catch (DataFormatException notDeflated) {
                return false;
            }
        }

        private void look(int length) throws Refused {
            for (int i = 0; i < length; i++) {
                int c = out[i] & 0xff;
                if (inName && Names.delimits(c)) {
                    inName = false;
                    refuseHarmful(decoded());
                }
                if (c == '/') {
                    inName = true;
                    name.setLength(0);
                } else if (inName && name.length() < 3 * LONGEST_NAME) {
                    name.append((char) c);
                }
            }
        }

        private String decoded() {
            if (name.indexOf("#") < 0) {
                return name.toString();
            }
            StringBuilder plain = new StringBuilder();
            for (int i = 0; i < name.length(); i++) {
                int code = name.charAt(i) == '#' && i + 2 < name.length() ? hex(i + 1) : -1;
                if (code >= 0) {
                    plain.append((char) code);
                    i += 2;
                } else {
                    plain.append(name.charAt(i));
                }
            }
            return plain.toString();
        }

        private int hex(int at) {
            int high = Character.digit(name.charAt(at), 16);
            int low = Character.digit(name.charAt(at + 1), 16);
            return high < 0 || low < 0 ? -1 : high << 4 | low;
        }

        void end() {
            inflater.end();
        }
    }
}
