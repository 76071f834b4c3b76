package city.madang.tlog.policy;

import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Cosignature;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whom to believe about a checkpoint: any of the logs, and of the witnesses as many as the quorum asks for (C2SP tlog-policy).
 *
 * @param logs may be empty where the log is known from elsewhere
 * @param witnesses by their names in the policy
 * @param quorum what must be fulfilled
 */
public record TrustPolicy(List<Log> logs, Map<String, Witness> witnesses, Quorum quorum) {

    public TrustPolicy {
        logs = List.copyOf(logs);
        witnesses = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(witnesses));
    }

    public record Log(VerifierKey key, Optional<String> url) {}

    /** @param url the submission prefix of tlog-witness */
    public record Witness(VerifierKey key, Optional<String> url) {}

    /** What a policy asks of witnesses. */
    public sealed interface Quorum {

        boolean isMetBy(Set<String> witnesses);

        /** {@code quorum none}. */
        record None() implements Quorum {
            @Override
            public boolean isMetBy(Set<String> witnesses) {
                return true;
            }
        }

        record One(String witness) implements Quorum {
            @Override
            public boolean isMetBy(Set<String> witnesses) {
                return witnesses.contains(witness);
            }
        }

        /** At least {@code needed} of the members. */
        record Group(int needed, List<Quorum> members) implements Quorum {

            public Group {
                members = List.copyOf(members);
            }

            @Override
            public boolean isMetBy(Set<String> witnesses) {
                return members.stream()
                                .filter(member -> member.isMetBy(witnesses))
                                .count()
                        >= needed;
            }
        }
    }

    /** What came of looking at a checkpoint. */
    public sealed interface Verdict {

        /**
         * It is to be believed.
         *
         * @param log whose signature it bears
         * @param cosigned when each witness cosigned it, POSIX seconds, by the witnesses' names in the policy
         */
        record Trusted(Checkpoint checkpoint, VerifierKey log, Map<String, Long> cosigned) implements Verdict {}

        /**
         * It is not.
         *
         * @param why a sentence
         */
        record Refused(String why) implements Verdict {}
    }

    /** Judges by the policy's own logs. */
    public Verdict judge(SignedNote note) {
        return judge(note, logs.stream().map(Log::key).toList());
    }

    /**
     * Judges a checkpoint of one of these logs. A signature line that names a trusted key and does not verify spoils the note
     * (C2SP signed-note, "Signatures"); lines of unknown keys mean nothing.
     */
    public Verdict judge(SignedNote note, List<VerifierKey> trusted) {
        try {
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            Optional<VerifierKey> signer = Optional.empty();
            for (NoteSignature line : note.signatures()) {
                for (VerifierKey key : trusted) {
                    if (!key.name().equals(checkpoint.origin()) || !key.isNamedBy(line)) {
                        continue;
                    }
                    if (!signedBy(key, note, line)) {
                        return new Verdict.Refused("the signature of " + key.name() + " is not valid");
                    }
                    signer = Optional.of(key);
                }
            }
            if (signer.isEmpty()) {
                return new Verdict.Refused(
                        trusted.stream().anyMatch(key -> key.name().equals(checkpoint.origin()))
                                ? "no valid signature of the log " + checkpoint.origin()
                                : "the origin " + checkpoint.origin() + " is not one that is trusted");
            }
            Map<String, Long> cosigned = new TreeMap<>();
            for (Map.Entry<String, Witness> witness : witnesses.entrySet()) {
                VerifierKey key = witness.getValue().key();
                Optional<Long> time = Cosignature.verifiedTime(key, note);
                if (time.isPresent()) {
                    cosigned.put(witness.getKey(), time.get());
                } else if (note.signatures().stream().anyMatch(key::isNamedBy)) {
                    return new Verdict.Refused("the cosignature of " + key.name() + " is not valid");
                }
            }
            return quorum.isMetBy(cosigned.keySet())
                    ? new Verdict.Trusted(checkpoint, signer.get(), cosigned)
                    : new Verdict.Refused("too few witnesses have cosigned: " + cosigned.keySet());
        } catch (Malformed wrong) {
            return new Verdict.Refused("no checkpoint: " + wrong.getMessage());
        }
    }

    /** A log may sign the text, or as the cosigner of its own checkpoints (C2SP tlog-checkpoint, "Signatures"). */
    private static boolean signedBy(VerifierKey key, SignedNote note, NoteSignature line) throws Malformed {
        return key.kind().isCosignature()
                ? Cosignature.verifiedTime(key, note, line).isPresent()
                : key.verifies(note.signedBytes(), line.signature());
    }
}
