package city.madang.records.verification;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Cosignature;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.PolicyFile;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.proof.ProofFile;
import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.Nodes;
import city.madang.tlog.tree.Proofs;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A log of a few entries with one witness, all keys at hand. */
final class TestLog {

    static final String ORIGIN = "city.example/records/log/transport";

    final KeyPair key = key();
    final KeyPair witness = key();
    final VerifierKey logKey = VerifierKey.of(ORIGIN, VerifierKey.Kind.ED25519, key.getPublic());
    final VerifierKey witnessKey =
            VerifierKey.of("witness.example/w1", VerifierKey.Kind.COSIGNATURE_ED25519, witness.getPublic());
    final List<byte[]> entries = new ArrayList<>();

    private static KeyPair key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] sign(KeyPair key, byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Growth grown() {
        return Growth.append(0, Map.of(), entries);
    }

    /** @param extra what the proof file brings with it */
    byte[] proof(long index, byte[] extra, long cosignedAt) throws Exception {
        Growth growth = grown();
        SignedNote note = new Checkpoint(ORIGIN, growth.size(), growth.root()).signed(logKey, text -> sign(key, text));
        List<NoteSignature> lines = new ArrayList<>(note.signatures());
        lines.add(Cosignature.sign(witnessKey, note, cosignedAt, text -> sign(witness, text)));
        return new ProofFile(
                        Optional.of(extra),
                        index,
                        Proofs.inclusion(Nodes.in(growth.changed()), index, growth.size()),
                        new SignedNote(note.text(), lines).format())
                .format()
                .getBytes(UTF_8);
    }

    String policyText(boolean witnessed) {
        return "log " + logKey.format() + "\nwitness w1 " + witnessKey.format() + "\nquorum "
                + (witnessed ? "w1" : "none") + "\n";
    }

    TrustPolicy policy(boolean witnessed) throws Exception {
        return PolicyFile.parse(policyText(witnessed).getBytes(UTF_8));
    }
}
