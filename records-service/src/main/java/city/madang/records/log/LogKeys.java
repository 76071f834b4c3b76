package city.madang.records.log;

import city.madang.kit.keys.Keyring;
import city.madang.records.RecordsConfig;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Optional;

/** The Ed25519 key of each agency's log and the name of the log. Blocking: keys may be in files or in hardware. */
@ApplicationScoped
public class LogKeys {

    private final Keyring keyring;
    private final String authority;

    LogKeys(Keyring keyring, RecordsConfig config) {
        this.keyring = keyring;
        this.authority = URI.create(config.origin()).getAuthority();
    }

    /** The origin line of the log's checkpoints, a URL without its scheme. */
    public String origin(String agency) {
        return authority + "/records/log/" + agency;
    }

    void create(String agency) {
        keyring.createIfAbsent(id(agency), Keyring.Algorithm.ED25519);
    }

    /** The note verifier key; empty if the agency has no log. */
    public Optional<VerifierKey> verifierKey(String agency) {
        return keyring.publicKey(id(agency)).map(key -> VerifierKey.of(origin(agency), VerifierKey.Kind.ED25519, key));
    }

    SignedNote sign(String agency, Checkpoint checkpoint) {
        VerifierKey key = verifierKey(agency)
                .orElseThrow(() -> new IllegalStateException("the log of " + agency + " has lost its key"));
        return checkpoint.signed(key, body -> keyring.sign(id(agency), body));
    }

    private static String id(String agency) {
        return "agency/" + agency + "/log";
    }
}
