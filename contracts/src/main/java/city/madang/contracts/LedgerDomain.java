package city.madang.contracts;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

/**
 * The EIP-712 domain of a ledger: what binds a signed message to one contract on one chain.
 *
 * @param chainId the chain's id
 * @param verifyingContract the ledger's address, {@code 0x} and 40 lower-case hexadecimal digits
 */
public record LedgerDomain(BigInteger chainId, String verifyingContract) {

    /** The domain's {@code name}. */
    public static final String NAME = "Madang Ledger";

    /** The domain's {@code version}. */
    public static final String VERSION = "1";

    private static final Bytes32 TYPE_HASH =
            keccak("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /** @throws IllegalArgumentException when the address has another form */
    public LedgerDomain {
        verifyingContract = CallData.address(verifyingContract);
    }

    /** The domain separator: Keccak-256 of the encoded domain (EIP-712, "Definition of domainSeparator"). */
    public Bytes32 separator() {
        return keccak(
                TYPE_HASH,
                keccak(NAME),
                keccak(VERSION),
                Bytes32.of(chainId),
                Bytes32.of(Numeric.toBigInt(verifyingContract)));
    }

    /** Keccak-256 of a text. */
    static Bytes32 keccak(String text) {
        return Bytes32.of(Hash.sha3(text.getBytes(US_ASCII)));
    }

    /** Keccak-256 of words one after another. */
    static Bytes32 keccak(Bytes32... words) {
        byte[] bytes = new byte[32 * words.length];
        for (int i = 0; i < words.length; i++) {
            System.arraycopy(words[i].bytes(), 0, bytes, 32 * i, 32);
        }
        return Bytes32.of(Hash.sha3(bytes));
    }

    /** The 66 bytes that a key signs: {@code 0x1901 ‖ domainSeparator ‖ structHash}. */
    static byte[] message(Bytes32 domainSeparator, Bytes32 structHash) {
        byte[] message = new byte[66];
        message[0] = 0x19;
        message[1] = 0x01;
        System.arraycopy(domainSeparator.bytes(), 0, message, 2, 32);
        System.arraycopy(structHash.bytes(), 0, message, 34, 32);
        return message;
    }

    /** The id of what was signed: SHA-256 of its 66 bytes. */
    public static Bytes32 idOf(byte[] message) {
        return sha256(message);
    }

    static Bytes32 sha256(byte[] bytes) {
        try {
            return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
