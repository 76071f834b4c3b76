package city.madang.kit.fetch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** How the guarded client is set. */
@ConfigMapping(prefix = "madang.fetch")
public interface FetchSettings {

    /** Whether addresses that others name may lead into private networks and to this host: for development and tests only. */
    @WithDefault("false")
    boolean allowPrivate();

    /** Names of hosts inside private networks from which may be fetched nevertheless. */
    Optional<Set<String>> internalHosts();

    /** PEM file of certificates of CAs that are trusted besides the well-known ones. */
    Optional<Path> extraCa();

    /** How long a fetch may take in all, redirects and the last byte included. */
    @WithDefault("PT5S")
    Duration timeout();

    /** How many fetches may be under way at once, a quarter of them from one host. */
    @WithDefault("32")
    int concurrent();
}
