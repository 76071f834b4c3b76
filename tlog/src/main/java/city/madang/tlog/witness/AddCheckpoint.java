package city.madang.tlog.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.note.Base64Text;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.tree.Hashes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a log sends to a witness (C2SP tlog-witness, "add-checkpoint").
 *
 * @param oldSize of the checkpoint that the witness is believed to have cosigned last; 0 if none
 * @param proof consistency proof from there
 * @param note the checkpoint, signed by the log
 */
public record AddCheckpoint(long oldSize, List<byte[]> proof, SignedNote note) {

    /** The content type of the size that a witness answers with 409. */
    public static final String SIZE_TYPE = "text/x.tlog.size";

    /** Lines of proof that a client may send. */
    public static final int PROOF_MAX = 63;

    /** Bytes: a note with sixteen signatures of the largest kind, and a proof. */
    public static final int LONGEST = 128 * 1024;

    private static final String OLD = "old ";

    public AddCheckpoint {
        proof = List.copyOf(proof);
    }

    public static AddCheckpoint parse(byte[] body) throws Malformed {
        if (body.length > LONGEST) {
            throw new Malformed("a request of " + body.length + " bytes");
        }
        List<byte[]> proof = new ArrayList<>();
        int at = 0;
        long old = -1;
        while (true) {
            int end = at;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            if (end == body.length) {
                throw new Malformed("a line without a newline before the checkpoint");
            }
            String line = new String(body, at, end - at, UTF_8);
            at = end + 1;
            if (old < 0) {
                if (!line.startsWith(OLD)) {
                    throw new Malformed("the first line is: old, a space, and a size");
                }
                old = Checkpoint.size(line.substring(OLD.length()));
            } else if (line.isEmpty()) {
                break;
            } else {
                byte[] hash = Base64Text.parse(line, "a line of the proof");
                if (hash.length != Hashes.BYTES || proof.size() == PROOF_MAX) {
                    throw new Malformed("a proof has at most " + PROOF_MAX + " hashes of 32 bytes");
                }
                proof.add(hash);
            }
        }
        return new AddCheckpoint(old, proof, SignedNote.parse(Arrays.copyOfRange(body, at, body.length)));
    }

    public String format() {
        StringBuilder body = new StringBuilder(OLD).append(oldSize).append('\n');
        proof.forEach(hash -> body.append(Base64Text.of(hash)).append('\n'));
        return body.append('\n').append(note.format()).toString();
    }
}
