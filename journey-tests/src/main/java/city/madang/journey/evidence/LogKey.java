package city.madang.journey.evidence;

import java.util.Arrays;
import java.util.Base64;

/**
 * A log's public key as a note verifier key, {@code name+hash+base64(0x01 ‖ Ed25519 key)} (C2SP signed-note).
 *
 * @param name the log's origin
 * @param id the four bytes that stand before its signatures
 * @param key 32 bytes
 */
public record LogKey(String name, byte[] id, byte[] key) {

    private static final byte ED25519 = 1;

    public static LogKey parse(String vkey) {
        String[] parts = vkey.strip().split("\\+", 3);
        byte[] typed = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
        if (typed.length != 33 || typed[0] != ED25519) {
            throw new IllegalArgumentException("not an Ed25519 verifier key");
        }
        return new LogKey(
                parts[0], java.util.HexFormat.of().parseHex(parts[1]), Arrays.copyOfRange(typed, 1, typed.length));
    }
}
