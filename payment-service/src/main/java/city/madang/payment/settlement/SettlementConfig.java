package city.madang.payment.settlement;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigInteger;
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

    /**
     * How long it waits for the first batch on its way to land in a block, before all that are on their way are signed anew, offering
     * more for gas. Several times the chain's block time.
     */
    @WithDefault("5s")
    Duration patience();

    /** Batches on their way to the chain at once. With a finality depth, enough to fill the blocks until the first is final. */
    @WithDefault("4")
    int inFlight();

    /**
     * How long what is accepted waits for company after a batch that took all there was: a batch costs the database and the chain nearly as
     * much however few it holds. One that left something is followed at once.
     */
    @WithDefault("100ms")
    Duration gather();

    /** The most gas that a batch may need: a transaction's limit of 2^24 (EIP-7825), or less where blocks are smaller. */
    @WithDefault("16777216")
    long gasMax();

    /** The most that is offered for one gas, in wei, however long a batch waits. */
    @WithDefault("500000000000")
    BigInteger feeMax();

    /** How often everything is compared with the contract. */
    @WithDefault("30s")
    Duration reconcileEvery();
}
