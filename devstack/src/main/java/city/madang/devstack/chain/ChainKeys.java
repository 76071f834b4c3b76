package city.madang.devstack.chain;

import city.madang.devstack.process.Secrets;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.jcajce.provider.digest.Keccak;

/** Private keys of those who act on the ledger, as files {@code <name>.hex} with 64 hexadecimal digits, mode 600. */
public final class ChainKeys {

    /** Who acts on the ledger. */
    public static final List<String> NAMES = List.of(
            "payment-operator",
            "treasurer-a",
            "treasurer-b",
            "auditor",
            "identity-authority",
            "records-anchor",
            // agencies that approve the recovery of lost keys
            "agency-city-hall",
            "agency-transport",
            "agency-treasury");

    private static final int KEY_BYTES = 32;
    private static final int ADDRESS_BYTES = 20;

    private ChainKeys() {}

    /** Makes the keys that are missing. */
    static void create(Path folder) throws IOException {
        for (var name : NAMES) {
            var file = folder.resolve(name + ".hex");
            if (!Files.exists(file)) {
                Secrets.write(file, privateKey());
            }
        }
    }

    /** The account address, {@code 0x} and 40 hexadecimal digits. */
    public static String address(Path folder, String name) throws IOException {
        var secret =
                new BigInteger(Files.readString(folder.resolve(name + ".hex")).strip(), 16);
        var point =
                CustomNamedCurves.getByName("secp256k1").getG().multiply(secret).getEncoded(false);
        var keccak = new Keccak.Digest256();
        keccak.update(point, 1, point.length - 1);
        var digest = keccak.digest();
        return "0x" + HexFormat.of().formatHex(digest, digest.length - ADDRESS_BYTES, digest.length);
    }

    private static String privateKey() {
        var order = CustomNamedCurves.getByName("secp256k1").getN();
        while (true) {
            var hex = Secrets.hex(KEY_BYTES);
            var secret = new BigInteger(hex, 16);
            if (secret.signum() > 0 && secret.compareTo(order) < 0) {
                return hex;
            }
        }
    }
}
