package city.madang.records;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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

    Witness witness();

    /** Witnesses of this city's logs, and this city as a witness of others' (C2SP tlog-witness). */
    interface Witness {

        /**
         * File with the policy (C2SP tlog-policy) under which checkpoints of this service's logs are published: its witnesses with submission prefix and
         * keys, and its quorum. Read again when it has changed. Without it no witness is asked. It names no log: each agency's is meant.
         */
        Optional<Path> policy();

        /** File (C2SP tlog-policy) whose {@code log} lines name the logs that this service cosigns. Read again when it has changed. Without it none. */
        Optional<Path> knownLogs();

        /** Name of this witness, a URL without its scheme; {@code <origin's authority>/records/witness} if it is not set. */
        Optional<String> name();
    }

    Sealing sealing();

    interface Sealing {

        /** Whether this process renders and signs records. Of several that do, each takes another job. */
        @io.smallrye.config.WithDefault("true")
        boolean enabled();

        /** How many records it makes at once; absent: as many as the machine has cores. */
        Optional<@Min(1) @Max(64) Integer> concurrency();

        /**
         * Timestamp authority (RFC 3161) at an https address. With it seals are PAdES-B-T and JAdES-B-T, and records wait while it does not
         * answer; without it they are B-B.
         */
        Optional<String> timestampUrl();

        /** PEM file of the certificates to which its tokens must lead; needed with an address. */
        Optional<Path> timestampAnchors();
    }

    Applications applications();

    interface Applications {

        /** How long a granted application waits for its record to be sealed before it fails and its fee goes back. */
        @io.smallrye.config.WithDefault("P7D")
        java.time.Duration sealingPatience();
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
