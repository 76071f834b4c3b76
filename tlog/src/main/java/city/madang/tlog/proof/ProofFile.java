package city.madang.tlog.proof;

import city.madang.tlog.note.Base64Text;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.Proofs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@code .tlog-proof}: an inclusion proof with the checkpoint that it leads to (C2SP tlog-proof).
 *
 * @param extra what the log adds, not vouched for by anything in the file. This city's logs put the entry there
 * @param index of the entry
 * @param path inclusion hashes from the leaf up
 * @param checkpoint the signed note, word for word
 */
public record ProofFile(Optional<byte[]> extra, long index, List<byte[]> path, String checkpoint) {

    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    /** No tree below 2^63 entries needs more. */
    private static final int LONGEST_PATH = 63;

    private static final int LONGEST = 2 * SignedNote.LONGEST;

    public ProofFile {
        path = List.copyOf(path);
    }

    public static ProofFile parse(String text) throws Malformed {
        int end = text.indexOf("\n\n");
        if (end < 0 || text.length() > LONGEST) {
            throw new Malformed("not a tlog-proof");
        }
        String[] lines = text.substring(0, end).split("\n", -1);
        if (!lines[0].equals(HEADER)) {
            throw new Malformed("a tlog-proof begins with " + HEADER);
        }
        int at = 1;
        Optional<byte[]> extra = Optional.empty();
        if (lines.length > at && lines[at].startsWith(EXTRA)) {
            extra = Optional.of(Base64Text.parse(lines[at].substring(EXTRA.length()), "extra"));
            at++;
        }
        if (lines.length <= at || !lines[at].startsWith(INDEX)) {
            throw new Malformed("a tlog-proof names the index");
        }
        long index = Checkpoint.size(lines[at].substring(INDEX.length()));
        List<byte[]> path = new ArrayList<>();
        for (int i = at + 1; i < lines.length; i++) {
            path.add(Base64Text.parse(lines[i], "a hash"));
            if (path.getLast().length != Hashes.BYTES || path.size() > LONGEST_PATH) {
                throw new Malformed("an inclusion proof is at most " + LONGEST_PATH + " hashes of 32 bytes");
            }
        }
        return new ProofFile(extra, index, path, text.substring(end + 2));
    }

    /** The file. */
    public String format() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        extra.ifPresent(bytes -> text.append(EXTRA).append(Base64Text.of(bytes)).append('\n'));
        text.append(INDEX).append(index).append('\n');
        path.forEach(hash -> text.append(Base64Text.of(hash)).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }

    /** What came of checking an entry. */
    public sealed interface Outcome {

        /** The entry stands in the log, as the policy wants it vouched for. */
        record Included(TrustPolicy.Verdict.Trusted head) implements Outcome {}

        /** @param why a sentence */
        record Refused(String why) implements Outcome {}
    }

    /** Checks without asking anyone that the entry is in a log that the policy trusts. */
    public Outcome check(byte[] entry, TrustPolicy policy) {
        try {
            return switch (policy.judge(SignedNote.parse(checkpoint))) {
                case TrustPolicy.Verdict.Refused refused -> new Outcome.Refused(refused.why());
                case TrustPolicy.Verdict.Trusted trusted ->
                    leadsTo(trusted.checkpoint(), entry)
                            ? new Outcome.Included(trusted)
                            : new Outcome.Refused("the proof does not lead from the entry to the checkpoint's root");
            };
        } catch (Malformed wrong) {
            return new Outcome.Refused("no checkpoint: " + wrong.getMessage());
        }
    }

    private boolean leadsTo(Checkpoint head, byte[] entry) {
        return Proofs.verifies(Hashes.leaf(entry), index, head.size(), path, head.root());
    }
}
