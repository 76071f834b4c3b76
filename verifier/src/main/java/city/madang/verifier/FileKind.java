package city.madang.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** What a file is by its first bytes; its name and what was said of it do not count. */
public enum FileKind {
    PDF("%PDF-"),
    JSON("{"),
    LOG_PROOF("c2sp.org/tlog-proof@v1\n"),
    OTHER("");

    private final byte[] start;

    FileKind(String start) {
        this.start = start.getBytes(UTF_8);
    }

    public static FileKind of(byte[] file) {
        for (FileKind kind : values()) {
            if (file.length >= kind.start.length && Arrays.equals(Arrays.copyOf(file, kind.start.length), kind.start)) {
                return kind;
            }
        }
        return OTHER;
    }
}
