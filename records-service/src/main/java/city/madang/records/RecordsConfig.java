package city.madang.records;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** What an operator sets for the records service. */
@ConfigMapping(prefix = "madang")
public interface RecordsConfig {

    /** Public origin, without a slash at its end. */
    String origin();

    /** Folder that belongs to this service alone: {@code keys/}, {@code blobs/}. */
    Path dataDir();

    /** {@code development} or {@code production}. */
    @io.smallrye.config.WithDefault("production")
    String environment();

    /** PEM file of the root to which seals lead. Without it the verify operation vouches for no seal. */
    Optional<Path> trustAnchor();

    Chain chain();

    Sealing sealing();

    interface Sealing {

        /** Whether this process renders and signs records. Of several that do, each takes another job. */
        @io.smallrye.config.WithDefault("true")
        boolean enabled();
    }

    interface Chain {

        /** JSON-RPC of the anchor's chain. Without it nothing is anchored. */
        Optional<String> rpcUrl();

        /** {@code development}: the contract is deployed at first start; {@code production}: its address is given. */
        @io.smallrye.config.WithDefault("production")
        String profile();

        /** The anchor contract, in production. */
        Optional<String> anchorAddress();

        /** Folder of {@code records-anchor.hex}. */
        Optional<Path> keysDir();
    }
}
