package city.madang.records.log;

import city.madang.kit.keys.Keyring;
import city.madang.records.RecordsConfig;
import city.madang.records.log.tree.Checkpoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;

/** The Ed25519 key of each agency's log and the name of the log. Blocking: keys may be in files or in hardware. */
@ApplicationScoped
public class LogKeys {

    private static final int RAW_BYTES = 32;

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
    Optional<String> verifierKey(String agency) {
        return keyring.publicKey(id(agency)).map(key -> Checkpoint.verifierKey(origin(agency), raw(key)));
    }

    String sign(String agency, Checkpoint checkpoint) {
        PublicKey key = keyring.publicKey(id(agency))
                .orElseThrow(() -> new IllegalStateException("the log of " + agency + " has lost its key"));
        return checkpoint.signed(raw(key), body -> keyring.sign(id(agency), body));
    }

    private static String id(String agency) {
        return "agency/" + agency + "/log";
    }

    /** An Ed25519 key in X.509 form ends in its 32 bytes (RFC 8410 §4). */
    private static byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
    }
}
