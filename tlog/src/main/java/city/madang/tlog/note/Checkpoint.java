package city.madang.tlog.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.tree.Hashes;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The head of a log (C2SP tlog-checkpoint). Extension lines are kept in the note's text, and mean nothing here.
 *
 * @param origin names the log, e.g. {@code localhost:8443/records/log/transport}
 * @param size number of entries
 * @param root 32 bytes
 */
public record Checkpoint(String origin, long size, byte[] root) {

    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,18}");

    /** Longest origin that an ML-DSA-44 cosignature can commit to, in bytes. */
    private static final int LONGEST_ORIGIN = 255;

    /** The body of a note: origin, size and root, perhaps extension lines. */
    public static Checkpoint parse(String text) throws Malformed {
        if (!text.endsWith("\n")) {
            throw new Malformed("a checkpoint's last line has no newline");
        }
        String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
        if (lines.length < 3) {
            throw new Malformed("a checkpoint has three lines at least");
        }
        for (String line : lines) {
            if (line.isEmpty()) {
                throw new Malformed("a checkpoint holds an empty line");
            }
        }
        if (lines[0].getBytes(UTF_8).length > LONGEST_ORIGIN) {
            throw new Malformed("an origin of more than " + LONGEST_ORIGIN + " bytes");
        }
        byte[] root = Base64Text.parse(lines[2], "the root hash");
        if (root.length != Hashes.BYTES) {
            throw new Malformed("a root hash of " + root.length + " bytes");
        }
        return new Checkpoint(lines[0], size(lines[1]), root);
    }

    /** ASCII decimal without leading zeroes, below 2^63. */
    public static long size(String decimal) throws Malformed {
        if (!SIZE.matcher(decimal).matches()) {
            throw new Malformed("a size is a decimal number without leading zeroes");
        }
        try {
            return Long.parseLong(decimal);
        } catch (NumberFormatException tooLarge) {
            throw new Malformed("a size is below 2^63");
        }
    }

    /** What is signed, ending in a newline. */
    public String body() {
        return origin + "\n" + size + "\n" + Base64Text.of(root) + "\n";
    }

    /**
     * The signed note, the log's origin being the key's name too.
     *
     * @param key the log's, of kind {@link VerifierKey.Kind#ED25519}
     * @param sign gives the 64 bytes of the signature over its argument
     */
    public SignedNote signed(VerifierKey key, UnaryOperator<byte[]> sign) {
        return new SignedNote(body(), java.util.List.of(key.line(sign.apply(body().getBytes(UTF_8)))));
    }
}
