package city.madang.identity.jose;

import java.security.SecureRandom;

/** Random values that nobody can guess. */
public final class Secrets {

    /** Long enough that five guesses are hopeless, short enough to type. */
    public static final int TX_CODE_DIGITS = 6;

    private static final int SECRET_BYTES = 32;

    private Secrets() {}

    /** 256 bits, base64url. */
    public static String next() {
        byte[] bytes = new byte[SECRET_BYTES];
        // not a static field: a generator seeded at image build would repeat itself in every process
        new SecureRandom().nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** A transaction code: {@link #TX_CODE_DIGITS} decimal digits, leading zeros kept. */
    public static String txCode() {
        StringBuilder code = new StringBuilder(TX_CODE_DIGITS);
        new SecureRandom().ints(TX_CODE_DIGITS, 0, 10).forEach(code::append);
        return code.toString();
    }
}
