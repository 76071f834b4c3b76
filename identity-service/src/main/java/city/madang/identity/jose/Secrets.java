package city.madang.identity.jose;

import java.security.SecureRandom;
import java.util.Locale;

/** Random values that nobody can guess. */
public final class Secrets {

    private static final int SECRET_BYTES = 32;

    private Secrets() {}

    /** 256 bits, base64url. */
    public static String next() {
        byte[] bytes = new byte[SECRET_BYTES];
        // not a static field: a generator seeded at image build would repeat itself in every process
        new SecureRandom().nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** Six decimal digits, leading zeros kept. */
    public static String sixDigits() {
        return String.format(Locale.ROOT, "%06d", new SecureRandom().nextInt(1_000_000));
    }
}
