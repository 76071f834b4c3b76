package city.madang.records.log.tree;

import java.util.Base64;
import java.util.List;

/** A {@code .tlog-proof}: an inclusion proof with the checkpoint that it leads to (C2SP tlog-proof). */
public final class ProofFile {

    private static final String HEADER = "c2sp.org/tlog-proof@v1\n";

    private ProofFile() {}

    /**
     * @param index of the entry
     * @param path inclusion hashes from the leaf up
     * @param checkpoint the signed note
     */
    public static String of(long index, List<byte[]> path, String checkpoint) {
        StringBuilder text = new StringBuilder(HEADER);
        text.append("index ").append(index).append('\n');
        for (byte[] hash : path) {
            text.append(Base64.getEncoder().encodeToString(hash)).append('\n');
        }
        return text.append('\n').append(checkpoint).toString();
    }
}
