package city.madang.records.applications;

import city.madang.records.catalogue.definition.WorkingTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a service level: counts working time from when the agency has all that it needs, and rests while it waits for the
 * applicant.
 *
 * @param spent working time until it last stopped
 * @param since since when it runs; null while it rests
 */
record ServiceClock(Duration spent, @Nullable Instant since) {

    static ServiceClock started(Instant now) {
        return new ServiceClock(Duration.ZERO, now);
    }

    /** Rests from now on; a clock that rests goes on resting. */
    ServiceClock paused(Instant now, WorkingTime calendar) {
        Instant running = since;
        return running == null ? this : new ServiceClock(spent.plus(calendar.between(running, now)), null);
    }

    ServiceClock resumed(Instant now) {
        return since == null ? new ServiceClock(spent, now) : this;
    }

    /** When the budget is spent if nothing stops the clock; null while it rests. */
    @Nullable
    Instant due(Duration budget, WorkingTime calendar) {
        return since == null ? null : calendar.after(since, budget.minus(spent));
    }
}
