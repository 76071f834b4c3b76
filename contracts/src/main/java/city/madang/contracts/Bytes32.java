package city.madang.contracts;

import java.math.BigInteger;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * 32 bytes: an account id, an authorisation's id, a hash, a coordinate.
 *
 * @param hex {@code 0x} and 64 lower-case hexadecimal digits
 */
public record Bytes32(String hex) {

    private static final int LENGTH = 66;
    private static final HexFormat HEX = HexFormat.of();

    /** 32 zero bytes. */
    public static final Bytes32 ZERO = new Bytes32("0x" + "0".repeat(64));

    /** @throws IllegalArgumentException when {@code hex} has another form */
    public Bytes32 {
        if (!isForm(hex)) {
            throw new IllegalArgumentException("not 0x and 64 lower-case hexadecimal digits");
        }
    }

    /** Whether a text is 0x and 64 lower-case hexadecimal digits; looked at digit by digit, as a payment makes some dozens of these. */
    public static boolean isForm(@Nullable String hex) {
        if (hex == null || hex.length() != LENGTH || hex.charAt(0) != '0' || hex.charAt(1) != 'x') {
            return false;
        }
        for (int i = 2; i < LENGTH; i++) {
            char digit = hex.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** @throws IllegalArgumentException unless there are exactly 32 bytes */
    public static Bytes32 of(byte[] bytes) {
        if (bytes.length != 32) {
            throw new IllegalArgumentException("not 32 bytes but " + bytes.length);
        }
        return new Bytes32("0x" + HEX.formatHex(bytes));
    }

    /** @throws IllegalArgumentException when {@code value} is negative or does not fit in 256 bits */
    public static Bytes32 of(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > 256) {
            throw new IllegalArgumentException("not an unsigned 256-bit integer");
        }
        String digits = value.toString(16);
        return new Bytes32("0x" + "0".repeat(64 - digits.length()) + digits);
    }

    /** The 32 bytes, a fresh array each time. */
    public byte[] bytes() {
        return HEX.parseHex(hex, 2, hex.length());
    }

    /** The bytes read as an unsigned big-endian integer. */
    public BigInteger unsigned() {
        return new BigInteger(hex.substring(2), 16);
    }

    /** Whether all 32 bytes are zero. */
    public boolean isZero() {
        return equals(ZERO);
    }

    @Override
    public String toString() {
        return hex;
    }
}
