package city.madang.devstack.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 of every file of a backup, in the form that {@code sha256sum --check} reads. */
final class Sums {

    /** Name of the archive's last entry. */
    static final String ENTRY = "SHA256SUMS";

    private static final int BUFFER = 1 << 16;
    private static final int SUM_LENGTH = 64;
    private static final String BETWEEN = "  ";

    private final Map<String, String> byName = new TreeMap<>();

    int files() {
        return byName.size();
    }

    /** Copies and remembers the sum under the name. */
    void copy(String name, InputStream from, OutputStream to) throws IOException {
        var digest = sha256();
        var buffer = new byte[BUFFER];
        for (var read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            digest.update(buffer, 0, read);
            to.write(buffer, 0, read);
        }
        byName.put(name, HexFormat.of().formatHex(digest.digest()));
    }

    byte[] text() {
        var text = new StringBuilder();
        byName.forEach(
                (name, sum) -> text.append(sum).append(BETWEEN).append(name).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IOException when a file of the list is missing, is not in it, or has another sum */
    void compare(byte[] text) throws IOException {
        var listed = new TreeMap<String, String>();
        for (var line : new String(text, StandardCharsets.UTF_8).lines().toList()) {
            if (line.length() <= SUM_LENGTH + BETWEEN.length()) {
                throw new IOException("the backup's list of files cannot be read");
            }
            listed.put(line.substring(SUM_LENGTH + BETWEEN.length()), line.substring(0, SUM_LENGTH));
        }
        for (var name : listed.keySet()) {
            if (!listed.get(name).equals(byName.get(name))) {
                throw new IOException(
                        byName.containsKey(name)
                                ? "%s is damaged in the backup".formatted(name)
                                : "%s is missing in the backup".formatted(name));
            }
        }
        for (var name : byName.keySet()) {
            if (!listed.containsKey(name)) {
                throw new IOException("%s does not belong to the backup".formatted(name));
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
