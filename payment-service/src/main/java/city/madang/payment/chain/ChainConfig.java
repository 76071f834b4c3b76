package city.madang.payment.chain;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Which chain and ledger this service works with. */
@ConfigMapping(prefix = "madang.chain")
public interface ChainConfig {

    enum Profile {
        DEVELOPMENT,
        PRODUCTION
    }

    /** The node's JSON-RPC endpoint. */
    String rpcUrl();

    /** {@code development}: deploy a ledger at first start; {@code production}: {@code ledger-address} must be given. */
    @WithDefault("production")
    Profile profile();

    /** Where the ledger stands; taken when the database knows none yet. */
    Optional<String> ledgerAddress();

    /** Where the anchor stands; of the records service, named here since both share a configuration. */
    Optional<String> anchorAddress();

    /** Blocks that must stand on a block before what is in it is booked; 0 where consensus makes it final at once (QBFT). */
    @WithDefault("0")
    int finalityDepth();

    enum AfterRollback {
        STOP,
        RESETTLE
    }

    /**
     * What to do when the chain has lost blocks in which payments had settled: {@code stop} and wait for people, or {@code
     * resettle}: bring the same signed authorisations to the contract again, which takes each once, and go on if it takes
     * them all.
     */
    @WithDefault("stop")
    AfterRollback afterRollback();

    /** How long the key of an account can say no to its replacement, on a ledger that this service deploys. */
    @WithDefault("72h")
    Duration recoveryDelay();

    /** Folder of the secp256k1 keys. */
    Path keysDir();
}
