package city.madang.tlog.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * That a witness has seen a log grow up to a checkpoint, and when (C2SP tlog-cosignature). The signature of its line is
 * {@code u64 timestamp ‖ signature}.
 */
public final class Cosignature {

    private static final byte[] SUBTREE = "subtree/v1\n\0".getBytes(UTF_8);
    private static final int TIME_BYTES = Long.BYTES;

    private Cosignature() {}

    /** Makes the signature over what it is given. */
    @FunctionalInterface
    public interface Signer {
        byte[] sign(byte[] message);
    }

    /**
     * A cosignature of a checkpoint.
     *
     * @param key the witness's
     * @param note whose text is cosigned
     * @param time POSIX seconds
     */
    public static NoteSignature sign(VerifierKey key, SignedNote note, long time, Signer signer) throws Malformed {
        byte[] signature = signer.sign(message(key, note, time));
        return key.line(ByteBuffer.allocate(TIME_BYTES + signature.length)
                .putLong(time)
                .put(signature)
                .array());
    }

    /** When the key cosigned the note by this line, POSIX seconds; empty if it did not. */
    public static OptionalLong verifiedTime(VerifierKey key, SignedNote note, NoteSignature line) throws Malformed {
        if (!key.kind().isCosignature() || !key.isNamedBy(line) || line.signature().length <= TIME_BYTES) {
            return OptionalLong.empty();
        }
        long time = ByteBuffer.wrap(line.signature()).getLong();
        if (time < 0) {
            return OptionalLong.empty();
        }
        byte[] signature = Arrays.copyOfRange(line.signature(), TIME_BYTES, line.signature().length);
        return key.verifies(message(key, note, time), signature) ? OptionalLong.of(time) : OptionalLong.empty();
    }

    /** The first of the note's lines by which the key cosigned it. */
    public static Optional<Long> verifiedTime(VerifierKey key, SignedNote note) throws Malformed {
        for (NoteSignature line : note.signatures()) {
            OptionalLong time = verifiedTime(key, note, line);
            if (time.isPresent()) {
                return Optional.of(time.getAsLong());
            }
        }
        return Optional.empty();
    }

    /** What is signed. */
    static byte[] message(VerifierKey key, SignedNote note, long time) throws Malformed {
        if (key.kind() == VerifierKey.Kind.COSIGNATURE_ED25519) {
            return ("cosignature/v1\ntime " + time + "\n" + note.text()).getBytes(UTF_8);
        }
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        byte[] name = key.name().getBytes(UTF_8);
        byte[] origin = checkpoint.origin().getBytes(UTF_8);
        return ByteBuffer.allocate(
                        SUBTREE.length + 1 + name.length + Long.BYTES + 1 + origin.length + 2 * Long.BYTES + 32)
                .put(SUBTREE)
                .put((byte) name.length)
                .put(name)
                .putLong(time)
                .put((byte) origin.length)
                .put(origin)
                .putLong(0)
                .putLong(checkpoint.size())
                .put(checkpoint.root())
                .array();
    }
}
