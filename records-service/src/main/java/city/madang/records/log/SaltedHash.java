package city.madang.records.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.tree.Hashes;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;

/** A commitment, SHA-256(salt ‖ value): the log shows it to everyone, and only who has the salt finds out of what it is. */
public final class SaltedHash {

    /** As long as the hash: nobody finds a salt by trying. */
    public static final int SALT_BYTES = 32;

    private SaltedHash() {}

    /** A new salt, {@link #SALT_BYTES} random bytes. */
    public static byte[] salt() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return salt;
    }

    /** 64 lower-case hexadecimal digits. */
    public static String of(byte[] salt, byte[] value) {
        return HexFormat.of().formatHex(Hashes.of(salt, value));
    }

    /** Of the text's UTF-8. */
    public static String of(byte[] salt, String text) {
        return of(salt, text.getBytes(UTF_8));
    }

    /** Of the id as text. */
    public static String of(byte[] salt, UUID id) {
        return of(salt, id.toString());
    }
}
