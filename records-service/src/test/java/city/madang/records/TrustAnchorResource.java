package city.madang.records;

import city.madang.devstack.ca.DevelopmentCa;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** A city's CA for the tests, whose root the service trusts. */
public final class TrustAnchorResource implements QuarkusTestResourceLifecycleManager {

    static final String FOLDER = "records.test.ca";

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Path.of(System.getProperty(
                    FOLDER, Files.createTempDirectory("records-ca-").toString()));
            System.setProperty(FOLDER, folder.toString());
            return Map.of(
                    "madang.trust-anchor",
                    DevelopmentCa.open(folder, InstantSource.system()).root().toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void stop() {}

    static DevelopmentCa ca() {
        return DevelopmentCa.open(Path.of(System.getProperty(FOLDER)), InstantSource.system());
    }
}
