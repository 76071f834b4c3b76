package city.madang.contracts;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random values for tests. */
final class TestKeys {

    private static final SecureRandom RANDOM = new SecureRandom();

    private TestKeys() {}

    static Credentials newCredentials() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        key[0] = 1; // below the curve's order, above zero
        return Credentials.parse(HexFormat.of().formatHex(key));
    }

    static Bytes32 random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Bytes32.of(bytes);
    }
}
