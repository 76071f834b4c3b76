package city.madang.payment.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How limits change. */
@ConfigMapping(prefix = "madang.limits")
public interface LimitsConfig {

    /** How long a raised limit waits, so that who takes over a wallet can't empty the account before its owner notices. */
    @WithDefault("24h")
    Duration raiseAfter();
}
