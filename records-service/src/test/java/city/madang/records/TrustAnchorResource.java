package city.madang.records;

import city.madang.devstack.ca.DevelopmentCa;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A city's CA for the tests, whose root the service trusts. */
public final class TrustAnchorResource implements QuarkusTestResourceLifecycleManager {

    static final String FOLDER = "records.test.ca";

    private static final String WITNESSES = "witnesses.policy";
    private static final String KNOWN_LOGS = "known-logs.policy";

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Path.of(System.getProperty(
                    FOLDER, Files.createTempDirectory("records-ca-").toString()));
            System.setProperty(FOLDER, folder.toString());
            for (String policy : List.of(WITNESSES, KNOWN_LOGS)) {
                Files.writeString(folder.resolve(policy), "quorum none\n");
            }
            return Map.of(
                    "madang.trust-anchor",
                    DevelopmentCa.open(folder, InstantSource.system()).root().toString(),
                    "madang.witness.policy",
                    folder.resolve(WITNESSES).toString(),
                    "madang.witness.known-logs",
                    folder.resolve(KNOWN_LOGS).toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void stop() {}

    /** Replaces the policy under which the service publishes checkpoints; until a test does, it asks no witness. */
    public static void witnesses(String policy) {
        replace(WITNESSES, policy);
    }

    /** Replaces the policy that names the logs which the service cosigns. */
    public static void knownLogs(String policy) {
        replace(KNOWN_LOGS, policy);
    }

    private static void replace(String name, String policy) {
        try {
            Path folder = Path.of(System.getProperty(FOLDER));
            Path fresh = Files.writeString(folder.resolve(name + ".new"), policy);
            Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static DevelopmentCa ca() {
        return DevelopmentCa.open(Path.of(System.getProperty(FOLDER)), InstantSource.system());
    }
}
