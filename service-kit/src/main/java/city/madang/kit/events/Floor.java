package city.madang.kit.events;

import java.time.Duration;

/**
 * The position up to which the outbox has been read to its end, so that a turn of the relay begins behind it. A deleted row stays in the index
 * until PostgreSQL tidies up, and a turn that begins at the start looks through all of them again.
 *
 * <p>A position is taken before its row is committed, so a lower one can appear after a higher one was carried. The floor rises to a position
 * once every transaction that may hold a lower one has ended: those that were under way some time after that position had been carried. Whatever
 * that reasoning should miss is found by a turn from the start, once in a while. Lives in one relay, whose turns come one after
 * another.
 */
final class Floor {

    /** Between taking a position and being seen among the transactions under way. It takes a transaction microseconds. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How often a turn begins at the start all the same. */
    static final Duration WHOLE = Duration.ofMinutes(1);

    private long position;
    private long carried;
    private Rise rise = Rise.NONE;
    private long wholeAt;

    /** @param nowNanos when the relay begins, at the start */
    Floor(long nowNanos) {
        this.wholeAt = nowNanos;
    }

    /**
     * Transactions at the beginning of a turn, by their numbers.
     *
     * @param oldest that is under way
     * @param next that will begin
     * @param seenNanos when the turn began
     */
    record Transactions(long oldest, long next, long seenNanos) {}

    /**
     * What the floor is about to rise to.
     *
     * @param position carried
     * @param since when that was known, nanoseconds
     * @param after the first transaction that began after that and {@link #PATIENCE}; 0 before that is known
     */
    private record Rise(long position, long since, long after) {
        static final Rise NONE = new Rise(0, 0, 0);
    }

    /** The position behind which a turn that begins now reads. */
    long from(long nowNanos) {
        if (nowNanos - wholeAt >= WHOLE.toNanos()) {
            wholeAt = nowNanos;
            return 0;
        }
        return position;
    }

    /**
     * A turn has carried and deleted what it read.
     *
     * @param then transactions before it read
     * @param highest position that it read, 0 for none
     * @param toTheEnd whether nothing was left behind that
     * @param nowNanos when it has ended
     */
    void turned(Transactions then, long highest, boolean toTheEnd, long nowNanos) {
        if (rise.after() > 0) {
            if (then.oldest() >= rise.after() && (toTheEnd || highest >= rise.position())) {
                position = rise.position();
                rise = Rise.NONE;
            }
        } else if (rise.position() > 0 && then.seenNanos() - rise.since() >= PATIENCE.toNanos()) {
            rise = new Rise(rise.position(), rise.since(), then.next());
        }
        carried = Math.max(carried, highest);
        if (rise.position() == 0 && carried > position) {
            rise = new Rise(carried, nowNanos, 0);
        }
    }
}
