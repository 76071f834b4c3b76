package city.madang.contracts;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

/**
 * Arguments in the contract ABI's encoding. The contracts take 32-byte words only (and arrays of them at the end), so
 * they are laid out here by hand: no reflection, which a native image would have to be told about.
 */
final class CallData {

    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{40}");

    private final StringBuilder hex;

    private CallData(String start) {
        hex = new StringBuilder(start);
    }

    /** Starts a call of the function with this signature, {@code name(type,type)} without spaces. */
    static CallData function(String signature) {
        return new CallData(selector(signature));
    }

    /** Starts a deployment: code, then the constructor's arguments. */
    static CallData constructor(Artifact artifact) {
        return new CallData(artifact.bytecode());
    }

    /** First four bytes of the signature's Keccak-256, {@code 0x}-hex. */
    static String selector(String signature) {
        return topic(signature).substring(0, 10);
    }

    /** Keccak-256 of an event's signature, {@code 0x}-hex: its first topic. */
    static String topic(String signature) {
        return Numeric.toHexString(Hash.sha3(signature.getBytes(US_ASCII)));
    }

    /** An address in the one form used here: {@code 0x} and 40 lower-case digits. */
    static String address(String address) {
        String lower = address.toLowerCase(Locale.ROOT);
        if (!ADDRESS.matcher(lower).matches()) {
            throw new IllegalArgumentException("not an address: 0x and 40 hexadecimal digits");
        }
        return lower;
    }

    CallData word(Bytes32 word) {
        hex.append(word.hex(), 2, 66);
        return this;
    }

    CallData word(long unsigned) {
        if (unsigned < 0) {
            throw new IllegalArgumentException("negative");
        }
        return word(Bytes32.of(BigInteger.valueOf(unsigned)));
    }

    CallData word(BigInteger unsigned) {
        return word(Bytes32.of(unsigned));
    }

    /** A {@code bytes32[]} as the last argument of {@code arguments}: where it begins, its length, its words. */
    CallData words(int arguments, List<Bytes32> words) {
        word(32L * arguments).word((long) words.size());
        words.forEach(this::word);
        return this;
    }

    CallData addressWord(String address) {
        hex.append("0".repeat(24)).append(address(address), 2, 42);
        return this;
    }

    /** {@code 0x}-hex of the whole. */
    String encoded() {
        return hex.toString();
    }
}
