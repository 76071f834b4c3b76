package city.madang.payment.settlement;

import java.time.Duration;
import java.util.Optional;

/**
 * When the next batch of a turn is recorded. One that left something is followed at once. What comes after one that took all there was
 * gathers for a moment, because a batch costs the database and the chain nearly as much however few it holds.
 */
final class Pace {

    private final long gather;
    private final long end;
    private long due = System.nanoTime();
    private boolean ended;
    private boolean nothingCame;

    /**
     * @param gather how long what comes after a batch that took all waits for company
     * @param longest until when, from now on, batches are recorded
     */
    Pace(Duration gather, Duration longest) {
        this.gather = gather.toNanos();
        this.end = due + longest.toNanos();
    }

    /** Whether it is time to look what waits. */
    boolean isDue() {
        return !hasEnded() && System.nanoTime() - due >= 0;
    }

    /** How long it is until it will be time; nothing or less when it is. */
    Duration untilDue() {
        return Duration.ofNanos(due - System.nanoTime());
    }

    /** Notes what was found when it was due. */
    void recorded(Optional<BatchStore.Recorded> found) {
        nothingCame = found.isEmpty();
        boolean more = found.map(BatchStore.Recorded::more).orElse(false);
        due = more ? due : System.nanoTime() + gather;
    }

    /** No more in this turn. */
    void end() {
        ended = true;
    }

    /** Whether the turn is over once nothing is on its way any more. */
    boolean isOver() {
        return hasEnded() || nothingCame;
    }

    /** Whether it is over only because it took so long; what could not be decided is left to a later one. */
    boolean mayHaveLeftSome() {
        return !ended && !nothingCame;
    }

    private boolean hasEnded() {
        return ended || System.nanoTime() - end >= 0;
    }
}
