package city.madang.contracts;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.regex.Pattern;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;

/** A secp256k1 key that signs transactions. Its text form is the address: the key itself is never shown. */
public final class Credentials {

    private static final Pattern FORM = Pattern.compile("(0x)?[0-9a-fA-F]{64}");

    /** Longest key file that is read, in bytes: 64 digits with prefix and line end, and some room. */
    private static final long FILE_SIZE_MAX = 128;

    private final org.web3j.crypto.Credentials key;

    private Credentials(BigInteger privateKey) {
        if (privateKey.signum() == 0 || privateKey.compareTo(Sign.CURVE_PARAMS.getN()) >= 0) {
            throw new IllegalArgumentException("not a secp256k1 private key");
        }
        key = org.web3j.crypto.Credentials.create(ECKeyPair.create(privateKey));
    }

    /**
     * Loads a key from a file of 64 hexadecimal digits.
     *
     * @throws IllegalArgumentException when the file has another form, or others than its owner may read it
     * @throws UncheckedIOException when it can't be read
     */
    public static Credentials load(Path file) {
        try {
            requirePrivate(file);
            if (Files.size(file) > FILE_SIZE_MAX) {
                throw new IllegalArgumentException(file.getFileName() + " is too long for a key");
            }
            return parse(Files.readString(file, US_ASCII).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes a key from its 64 hexadecimal digits.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static Credentials parse(String hex) {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a key is 64 hexadecimal digits");
        }
        return new Credentials(new BigInteger(hex.substring(hex.length() - 64), 16));
    }

    /** The address that belongs to the key, {@code 0x} and 40 lower-case hexadecimal digits. */
    public String address() {
        return CallData.address(key.getAddress());
    }

    /** The signed transaction in its wire form. */
    byte[] sign(RawTransaction transaction, long chainId) {
        // a typed transaction carries the chain's id itself; an old one gets it by EIP-155
        return transaction.getType().isLegacy()
                ? TransactionEncoder.signMessage(transaction, chainId, key)
                : TransactionEncoder.signMessage(transaction, key);
    }

    private static void requirePrivate(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return; // not a POSIX file system
        }
        for (PosixFilePermission permission : view.readAttributes().permissions()) {
            switch (permission) {
                case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE -> {}
                default ->
                    throw new IllegalArgumentException(
                            file.getFileName() + " is open to others than its owner: chmod 600");
            }
        }
    }

    @Override
    public String toString() {
        return address();
    }
}
