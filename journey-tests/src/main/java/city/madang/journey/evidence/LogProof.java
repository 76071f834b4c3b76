package city.madang.journey.evidence;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A {@code .tlog-proof} file (C2SP tlog-proof).
 *
 * @param index of the entry
 * @param hashes of the inclusion proof, 32 bytes each
 * @param checkpoint the signed note, as text
 */
public record LogProof(long index, List<byte[]> hashes, String checkpoint) {

    private static final String HEADER = "c2sp.org/tlog-proof@v1";

    /** @throws IllegalArgumentException if it is not such a file */
    public static LogProof parse(String text) {
        int end = text.indexOf("\n\n");
        if (end < 0) {
            throw new IllegalArgumentException("no checkpoint");
        }
        String[] lines = text.substring(0, end).split("\n", -1);
        if (!lines[0].equals(HEADER)) {
            throw new IllegalArgumentException("not a tlog-proof");
        }
        int line = lines[1].startsWith("extra ") ? 2 : 1;
        if (!lines[line].startsWith("index ")) {
            throw new IllegalArgumentException("no index");
        }
        long index = Long.parseLong(lines[line].substring("index ".length()));
        List<byte[]> hashes = new ArrayList<>();
        for (int i = line + 1; i < lines.length; i++) {
            hashes.add(Base64.getDecoder().decode(lines[i]));
        }
        return new LogProof(index, hashes, text.substring(end + 2));
    }
}
