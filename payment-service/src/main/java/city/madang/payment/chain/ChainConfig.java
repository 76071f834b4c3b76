package city.madang.payment.chain;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
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

    /** Folder of the secp256k1 keys. */
    Path keysDir();
}
