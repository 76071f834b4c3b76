package city.madang.payment.settlement;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How accepted authorisations reach the contract. */
@ConfigMapping(prefix = "madang.settlement")
public interface SettlementConfig {

    /** Whether this process settles; of several that do, one at a time works. */
    @WithDefault("true")
    boolean enabled();

    /** How long the settler waits when there was nothing to do. */
    @WithDefault("300ms")
    Duration interval();

    /** How long it waits after the chain or the database failed. */
    @WithDefault("2s")
    Duration afterFailure();

    /** How long it waits for the receipt of a batch that was perhaps sent before a crash, before it sends the batch again. */
    @WithDefault("5s")
    Duration patience();

    /** How often all balances are compared with the contract. */
    @WithDefault("30s")
    Duration reconcileEvery();
}
