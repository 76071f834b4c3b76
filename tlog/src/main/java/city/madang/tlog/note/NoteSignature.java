package city.madang.tlog.note;

import java.util.Arrays;

/**
 * A signature line: {@code — <name> base64(key id ‖ signature)} (C2SP signed-note, "Signatures").
 *
 * @param keyId 32 bits
 * @param signature what follows the key id, as its type defines it
 */
public record NoteSignature(String name, int keyId, byte[] signature) {

    static final String START = "— ";

    private static final int KEY_ID_BYTES = 4;

    /** Without the newline at its end. */
    static NoteSignature parse(String line) throws Malformed {
        if (!line.startsWith(START)) {
            throw new Malformed("a signature line does not begin with an em dash and a space");
        }
        int space = line.indexOf(' ', START.length());
        if (space < 0) {
            throw new Malformed("a signature line without a signature");
        }
        String name = line.substring(START.length(), space);
        VerifierKey.requireName(name);
        byte[] bytes = Base64Text.parse(line.substring(space + 1), "a signature");
        if (bytes.length <= KEY_ID_BYTES) {
            throw new Malformed("a signature line without a signature");
        }
        int id = java.nio.ByteBuffer.wrap(bytes).getInt();
        return new NoteSignature(name, id, Arrays.copyOfRange(bytes, KEY_ID_BYTES, bytes.length));
    }

    /** With the newline at its end. */
    public String line() {
        byte[] bytes = java.nio.ByteBuffer.allocate(KEY_ID_BYTES + signature.length)
                .putInt(keyId)
                .put(signature)
                .array();
        return START + name + " " + Base64Text.of(bytes) + "\n";
    }
}
