package city.madang.journey.evidence;

import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorParseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** The record's place in the agency's log, checked by Sigstore's verifier and BouncyCastle. */
public final class LogInclusion {

    private static final String INCLUDED = "inclusion in the log";
    private static final String SIGNED = "checkpoint signature";

    private LogInclusion() {}

    /** Whether {@code entry} stands at the proof's index under the checkpoint's root (RFC 6962 §2.1.1). */
    public static Finding included(byte[] entry, String proofFile) {
        try {
            LogProof proof = LogProof.parse(proofFile);
            RekorEntry.Checkpoint checkpoint = Checkpoints.from(proof.checkpoint());
            InclusionProofVerifier.verify(
                    leafHash(entry),
                    proof.index(),
                    checkpoint.getSize(),
                    proof.hashes(),
                    Base64.getDecoder().decode(checkpoint.getBase64Hash()));
            return Finding.proven(INCLUDED, "entry " + proof.index() + " of " + checkpoint.getSize());
        } catch (InclusionProofVerificationException | RekorParseException | RuntimeException refused) {
            return Finding.refused(INCLUDED, String.valueOf(refused.getMessage()));
        }
    }

    /** Whether the proof's checkpoint is signed by the log's key, under the log's own name (C2SP signed-note). */
    public static Finding signed(String proofFile, LogKey key) {
        try {
            String note = LogProof.parse(proofFile).checkpoint();
            String text = note.substring(0, note.indexOf("\n\n") + 1);
            if (!text.startsWith(key.name() + "\n")) {
                return Finding.refused(SIGNED, "the checkpoint of another log");
            }
            for (String line : note.substring(note.indexOf("\n\n") + 2).split("\n")) {
                if (line.startsWith("— " + key.name() + " ") && verifies(line, text, key)) {
                    return Finding.proven(SIGNED, "by " + key.name());
                }
            }
            return Finding.refused(SIGNED, "no valid signature of the log's key");
        } catch (RuntimeException malformed) {
            return Finding.refused(SIGNED, "malformed: " + malformed.getMessage());
        }
    }

    private static boolean verifies(String line, String text, LogKey key) {
        byte[] signature = Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1));
        if (signature.length != 68 || !Arrays.equals(Arrays.copyOf(signature, 4), key.id())) {
            return false;
        }
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(key.key()));
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(Arrays.copyOfRange(signature, 4, 68));
    }

    private static byte[] leafHash(byte[] entry) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((byte) 0);
            return sha256.digest(entry);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
