package city.madang.records.log;

import java.time.Instant;

/**
 * Where a submission stands, on disk.
 *
 * @param index of its first entry
 * @param entries how many
 * @param digest of the request that was logged by its key
 * @param at the time that was noted when it was logged
 * @param replayed whether it had been logged before
 */
public record Appended(long index, int entries, byte[] digest, Instant at, boolean replayed) {}
