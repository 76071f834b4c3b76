package city.madang.verifier;

import java.time.Instant;

/**
 * What the anchor contract holds of a log, as whoever asked the chain wrote it down.
 *
 * @param log its origin
 * @param root 32 bytes, hex
 */
public record Anchor(
        String log,
        long size,
        String root,
        long chainId,
        String contract,
        String transaction,
        long block,
        Instant anchored) {}
