package city.madang.records.log;

import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Hashes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Entries that are logged together, once.
 *
 * @param key idempotency key, unique in the log
 * @param entries in order; at most {@link EntryBundle#LONGEST_ENTRY} bytes each
 * @param at the time that is noted for it
 * @param digest SHA-256 of what the caller asked for: the same key with another one is another request
 */
record Submission(String key, List<byte[]> entries, Instant at, byte[] digest) {

    Submission {
        if (entries.isEmpty() || key.isEmpty() || key.length() > LogLimits.KEY_LENGTH) {
            throw new IllegalArgumentException("a submission has entries and a key");
        }
        for (byte[] entry : entries) {
            if (entry.length > EntryBundle.LONGEST_ENTRY) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
            }
        }
    }

    /** One entry, which is all that was asked for. */
    static Submission of(String key, byte[] entry) {
        return new Submission(key, List.of(entry), Instant.now().truncatedTo(ChronoUnit.MICROS), Hashes.of(entry));
    }
}
