package city.madang.records.trust;

import city.madang.tlog.note.Malformed;
import city.madang.tlog.policy.PolicyFile;
import city.madang.tlog.policy.TrustPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A policy file that is read again when it has changed. A file that has become unreadable or malformed leaves the last good one in force, and is
 * complained of; without a good one there is none. Blocking.
 */
public final class WatchedPolicy {

    private static final Logger LOG = Logger.getLogger(WatchedPolicy.class);

    private final Path file;
    private @Nullable FileTime read;
    private @Nullable TrustPolicy policy;

    public WatchedPolicy(Path file) {
        this.file = file;
    }

    /** @throws IllegalStateException if there has not been a good one yet */
    public synchronized TrustPolicy current() {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            if (!modified.equals(read)) {
                read = modified;
                policy = PolicyFile.parse(Files.readAllBytes(file));
            }
        } catch (IOException | UncheckedIOException unreadable) {
            LOG.errorf("the policy %s cannot be read: %s", file.getFileName(), unreadable.getMessage());
        } catch (Malformed wrong) {
            LOG.errorf("the policy %s is malformed: %s", file.getFileName(), wrong.getMessage());
        }
        if (policy == null) {
            throw new IllegalStateException("the policy " + file.getFileName() + " cannot be used");
        }
        return policy;
    }
}
