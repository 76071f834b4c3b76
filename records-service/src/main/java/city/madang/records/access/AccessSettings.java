package city.madang.records.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Times of accesses. */
@ConfigMapping(prefix = "madang.access")
public interface AccessSettings {

    /** How long a release waits for a published checkpoint over its entry; then nothing is released. */
    @WithDefault("10s")
    Duration logWait();

    /** How long a logged access lets its reader read the record again. */
    @WithDefault("15m")
    Duration opens();

    /** How long an access is remembered, for the citizen to see; the log's entry stays without its opening. */
    @WithDefault("P730D")
    Duration keep();
}
