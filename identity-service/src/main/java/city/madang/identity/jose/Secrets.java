package city.madang.identity.jose;

import java.security.SecureRandom;

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
}
