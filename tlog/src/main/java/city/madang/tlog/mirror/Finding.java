package city.madang.tlog.mirror;

import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.policy.TrustPolicy;
import java.util.Optional;

/** What a mirror found out about a log. */
sealed interface Finding {

    /**
     * All of it holds.
     *
     * @param head whose word it is, and which witnesses'
     * @param tiles of hashes that were read and recomputed
     * @param bundles of entries that were read
     * @param earlier the state of an earlier run, from which the log goes on; empty in the first run
     */
    record Verified(TrustPolicy.Verdict.Trusted head, long tiles, long bundles, Optional<Checkpoint> earlier)
            implements Finding {}

    /** Something does not hold. The log, or who serves it, is not to be believed. */
    record False(String why) implements Finding {}

    /** It could not be read, which says nothing about the log. */
    record Unreachable(String why) implements Finding {}
}
