package city.madang.tlog.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.tree.Hashes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A key that signs notes: {@code <name>+<key id>+base64(type ‖ key)} (C2SP signed-note, "Verifier keys").
 *
 * @param name of the log or the cosigner
 * @param raw the public key as its type encodes it
 */
public record VerifierKey(String name, Kind kind, byte[] raw) {

    private static final int KEY_ID_BYTES = 4;

    /** Longest name that an ML-DSA-44 cosignature can commit to. */
    private static final int LONGEST_NAME = 255;

    /** What a key signs, and how (C2SP signed-note, "Signature types"). */
    public enum Kind {
        /** A note's text as it stands. What logs sign with. */
        ED25519(1, "Ed25519", 32, "302a300506032b6570032100"),
        /** Text and time, after the line {@code cosignature/v1} (C2SP tlog-cosignature, "Ed25519 signed message"). */
        COSIGNATURE_ED25519(4, "Ed25519", 32, "302a300506032b6570032100"),
        /** The structure {@code cosigned_message} (C2SP tlog-cosignature, "ML-DSA-44 signed message"). */
        COSIGNATURE_ML_DSA_44(6, "ML-DSA-44", 1312, "30820532300b06096086480165030403110382052100");

        private final byte type;
        private final String algorithm;
        private final int keyBytes;
        private final byte[] x509;

        Kind(int type, String algorithm, int keyBytes, String x509) {
            this.type = (byte) type;
            this.algorithm = algorithm;
            this.keyBytes = keyBytes;
            this.x509 = HexFormat.of().parseHex(x509);
        }

        /** The JCA's name. */
        public String algorithm() {
            return algorithm;
        }

        public boolean isCosignature() {
            return this != ED25519;
        }
    }

    public VerifierKey {
        if (raw.length != kind.keyBytes) {
            throw new IllegalArgumentException("a key of " + raw.length + " bytes for " + kind);
        }
    }

    /** The key whose X.509 form (RFC 8410, RFC 9881) ends in its bytes. */
    public static VerifierKey of(String name, Kind kind, PublicKey key) {
        byte[] encoded = key.getEncoded();
        return new VerifierKey(name, kind, Arrays.copyOfRange(encoded, encoded.length - kind.keyBytes, encoded.length));
    }

    public static VerifierKey parse(String text) throws Malformed {
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3 || !parts[1].matches("[0-9a-f]{8}")) {
            throw new Malformed("a verifier key is <name>+<8 hexadecimal digits>+<base64>");
        }
        requireName(parts[0]);
        byte[] typed = Base64Text.parse(parts[2], "a verifier key");
        for (Kind kind : Kind.values()) {
            if (typed.length == 1 + kind.keyBytes && typed[0] == kind.type) {
                VerifierKey key = new VerifierKey(parts[0], kind, Arrays.copyOfRange(typed, 1, typed.length));
                if (key.id() != HexFormat.fromHexDigits(parts[1])) {
                    throw new Malformed("the key id of a verifier key is not that of its name and key");
                }
                return key;
            }
        }
        throw new Malformed("a verifier key of an unknown type");
    }

    public String format() {
        return name + "+" + HexFormat.of().toHexDigits(id()) + "+" + Base64Text.of(typed());
    }

    /** SHA-256(name ‖ newline ‖ type ‖ key), its first 32 bits. */
    public int id() {
        byte[] hash = Hashes.of((name + "\n").getBytes(UTF_8), typed());
        return ByteBuffer.wrap(hash, 0, KEY_ID_BYTES).getInt();
    }

    /** Whether the line claims to be of this key. */
    public boolean isNamedBy(NoteSignature signature) {
        return signature.keyId() == id() && signature.name().equals(name);
    }

    /** A signature line of this key. */
    public NoteSignature line(byte[] signature) {
        return new NoteSignature(name, id(), signature);
    }

    /** Whether the plain signature is this key's over the message; for cosignatures see {@link Cosignature}. */
    public boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(kind.algorithm);
            verifier.initVerify(publicKey());
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException notOne) {
            return false;
        } catch (GeneralSecurityException unusable) {
            // a key that is no point of its curve vouches for nothing
            return false;
        }
    }

    /** Whether both wrap one key, whatever their names and types say (C2SP tlog-policy, "Public key representation"). */
    public boolean sameKey(VerifierKey other) {
        return Arrays.equals(raw, other.raw);
    }

    /** Names are not empty and hold neither spaces nor plus signs. */
    static void requireName(String name) throws Malformed {
        if (name.isEmpty()
                || name.getBytes(UTF_8).length > LONGEST_NAME
                || name.codePoints()
                        .anyMatch(
                                c -> c == '+' || c == 0x85 || Character.isWhitespace(c) || Character.isSpaceChar(c))) {
            throw new Malformed("a key name is empty, too long, or holds a space or a plus sign");
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(kind.x509, kind.x509.length + raw.length);
        System.arraycopy(raw, 0, encoded, kind.x509.length, raw.length);
        return KeyFactory.getInstance(kind.algorithm).generatePublic(new X509EncodedKeySpec(encoded));
    }

    private byte[] typed() {
        byte[] typed = new byte[raw.length + 1];
        typed[0] = kind.type;
        System.arraycopy(raw, 0, typed, 1, raw.length);
        return typed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey key
                && key.kind == kind
                && key.name.equals(name)
                && Arrays.equals(key.raw, raw);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return format();
    }
}
