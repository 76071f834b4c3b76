package city.madang.payment.limits;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account's limits, in won. A missing one does not limit.
 *
 * @param perPayment the most that one payment moves
 * @param perDay the most that all payments of a day move
 */
public record Limits(@Nullable Long perPayment, @Nullable Long perDay) {

    /**
     * Limits as they stand and as they will be.
     *
     * @param now what counts
     * @param next what will count, if that was raised
     * @param from from when on
     */
    public record Plan(Limits now, @Nullable Limits next, @Nullable Instant from) {}

    /** What follows from wanting other limits: what is lowered counts at once, what is raised from {@code later} on. */
    Plan change(Limits wanted, Instant later) {
        Limits atOnce = new Limits(lower(perPayment, wanted.perPayment), lower(perDay, wanted.perDay));
        return atOnce.equals(wanted) ? new Plan(atOnce, null, null) : new Plan(atOnce, wanted, later);
    }

    private static @Nullable Long lower(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.min(one, other);
    }
}
