package city.madang.kit.p256;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Says at start-up which provider verifies P-256, since it decides how fast payments and proofs are taken. */
@ApplicationScoped
public class P256Announcement {

    private static final Logger LOG = Logger.getLogger(P256Announcement.class);

    void announce(@Observes StartupEvent started) {
        LOG.infof("P-256 is verified by %s", P256.provider());
    }
}
