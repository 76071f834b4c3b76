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
}
