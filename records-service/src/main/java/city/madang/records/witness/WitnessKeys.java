package city.madang.records.witness;

import city.madang.kit.keys.Keyring;
import city.madang.records.RecordsConfig;
import city.madang.tlog.note.Cosignature;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The witness's name and its two keys, Ed25519 and ML-DSA-44. They sign nothing but cosignatures. Blocking. */
@ApplicationScoped
public class WitnessKeys {

    private enum Key {
        CLASSIC(VerifierKey.Kind.COSIGNATURE_ED25519, Keyring.Algorithm.ED25519, "witness/ed25519"),
        LATTICE(VerifierKey.Kind.COSIGNATURE_ML_DSA_44, Keyring.Algorithm.ML_DSA_44, "witness/ml-dsa-44");

        private final VerifierKey.Kind kind;
        private final Keyring.Algorithm algorithm;
        private final String id;

        Key(VerifierKey.Kind kind, Keyring.Algorithm algorithm, String id) {
            this.kind = kind;
            this.algorithm = algorithm;
            this.id = id;
        }
    }

    private final Keyring keyring;
    private final String name;

    WitnessKeys(Keyring keyring, RecordsConfig config) {
        this.keyring = keyring;
        this.name = config.witness()
                .name()
                .orElseGet(() -> URI.create(config.origin()).getAuthority() + "/records/witness");
    }

    /** Made at the first call. */
    List<VerifierKey> verifierKeys() {
        return Stream.of(Key.values()).map(this::verifierKey).toList();
    }

    private VerifierKey verifierKey(Key key) {
        return VerifierKey.of(name, key.kind, keyring.createIfAbsent(key.id, key.algorithm));
    }

    /** @param time POSIX seconds */
    List<NoteSignature> cosign(SignedNote note, long time) throws Malformed {
        List<NoteSignature> lines = new ArrayList<>();
        for (Key key : Key.values()) {
            lines.add(Cosignature.sign(verifierKey(key), note, time, message -> keyring.sign(key.id, message)));
        }
        return lines;
    }
}
