package city.madang.devstack.process;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/** Generated secrets in files that only their owner can read. */
public final class Secrets {

    private static final int PASSWORD_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** 32 hexadecimal digits. */
    public static String password() {
        return hex(PASSWORD_BYTES);
    }

    /** Random bytes as lower-case hexadecimal digits. */
    public static String hex(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Reads passwords from the file, adding one for each name that has none yet. */
    public static Properties properties(Path file, List<String> names) throws IOException {
        var passwords = new Properties();
        if (Files.exists(file)) {
            passwords.load(new StringReader(Files.readString(file)));
        }
        var complete = true;
        for (var name : names) {
            complete &= passwords.putIfAbsent(name, password()) != null;
        }
        if (!complete) {
            var text = new StringBuilder();
            passwords.forEach(
                    (name, value) -> text.append(name).append('=').append(value).append('\n'));
            write(file, text.toString());
        }
        return passwords;
    }

    /** Writes the text with mode 600, in one step, so that a reader never sees half of it. */
    public static void write(Path file, String text) throws IOException {
        Files.createDirectories(
                file.toAbsolutePath().getParent(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var partial = Files.createTempFile(file.toAbsolutePath().getParent(), "secret", ".tmp"); // mode 600
        Files.writeString(partial, text);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
