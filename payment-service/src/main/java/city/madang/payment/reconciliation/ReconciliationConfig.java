package city.madang.payment.reconciliation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the books are compared with the contract. */
@ConfigMapping(prefix = "madang.reconciliation")
public interface ReconciliationConfig {

    /**
     * Of so many comparisons one looks at the nonces and bills of all times, the others at those that settled since the last that
     * agreed. Balances and supply are compared each time.
     */
    @WithDefault("100")
    int allEvery();

    /**
     * Whether settling goes on while a comparison runs. The node must answer as quickly of a block before its latest as of that; anvil, the
     * chain of development, makes no blocks meanwhile, and settling that goes on only waits for longer.
     */
    @WithDefault("true")
    boolean beside();
}
