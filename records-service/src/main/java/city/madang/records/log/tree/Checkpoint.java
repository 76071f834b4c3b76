package city.madang.records.log.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * The body of a checkpoint (C2SP tlog-checkpoint) and the signed note around it (C2SP signed-note).
 *
 * @param origin names the log, e.g. {@code localhost:8443/records/log/transport}
 */
public record Checkpoint(String origin, long size, byte[] root) {

    /** Signature type of Ed25519 in key ids (C2SP signed-note, "Signature types"). */
    private static final byte ED25519 = 1;

    private static final int KEY_ID_BYTES = 4;

    /** What is signed, ending in a newline. */
    public String body() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /**
     * The signed note, the log's origin being the key's name too.
     *
     * @param publicKey 32 bytes of the Ed25519 key
     * @param sign gives the 64 bytes of the signature over its argument
     */
    public String signed(byte[] publicKey, UnaryOperator<byte[]> sign) {
        byte[] id = keyId(origin, publicKey);
        byte[] signature = sign.apply(body().getBytes(UTF_8));
        byte[] line = Arrays.copyOf(id, KEY_ID_BYTES + signature.length);
        System.arraycopy(signature, 0, line, KEY_ID_BYTES, signature.length);
        return body() + "\n— " + origin + " " + Base64.getEncoder().encodeToString(line) + "\n";
    }

    /** The verifier key {@code <name>+<key id>+<base64 of type and key>}. */
    public static String verifierKey(String name, byte[] publicKey) {
        byte[] typed = typed(publicKey);
        return name + "+" + java.util.HexFormat.of().formatHex(keyId(name, publicKey)) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    private static byte[] keyId(String name, byte[] publicKey) {
        byte[] hash = Hashes.of((name + "\n").getBytes(UTF_8), typed(publicKey));
        return Arrays.copyOf(hash, KEY_ID_BYTES);
    }

    private static byte[] typed(byte[] publicKey) {
        byte[] typed = new byte[publicKey.length + 1];
        typed[0] = ED25519;
        System.arraycopy(publicKey, 0, typed, 1, publicKey.length);
        return typed;
    }
}
