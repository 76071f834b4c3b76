package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When batches follow each other at once, when what is left gathers, and when a turn is over. */
class PaceTest {

    private static final Duration LONG = Duration.ofHours(1);

    private static Optional<BatchStore.Recorded> recorded(boolean more) {
        return Optional.of(new BatchStore.Recorded(new Batch(1, List.of(), List.of()), more));
    }

    @Test
    void the_first_is_due_at_once_and_one_that_left_something_is_followed_at_once() {
        Pace pace = new Pace(LONG, LONG);

        assertTrue(pace.isDue());
        pace.recorded(recorded(true));
        assertTrue(pace.isDue());
    }

    @Test
    void what_comes_after_one_that_took_all_gathers() {
        Pace pace = new Pace(LONG, LONG);

        pace.recorded(recorded(false));

        assertFalse(pace.isDue());
        assertFalse(pace.isOver());
        assertTrue(pace.untilDue().compareTo(LONG.minusMinutes(1)) > 0);
    }

    @Test
    void a_turn_is_over_when_nothing_came() {
        Pace pace = new Pace(Duration.ZERO, LONG);

        pace.recorded(Optional.empty());

        assertTrue(pace.isOver());
        assertFalse(pace.mayHaveLeftSome());
        // while something is on its way, the next look may find more
        assertTrue(pace.isDue());
        pace.recorded(recorded(false));
        assertFalse(pace.isOver());
    }

    @Test
    void a_turn_that_took_long_is_followed_by_another_at_once() {
        Pace pace = new Pace(Duration.ZERO, Duration.ZERO);

        assertFalse(pace.isDue());
        assertTrue(pace.isOver());
        assertTrue(pace.mayHaveLeftSome());
    }

    @Test
    void what_could_not_be_decided_waits_for_another_turn() {
        Pace pace = new Pace(Duration.ZERO, LONG);

        pace.end();

        assertFalse(pace.isDue());
        assertTrue(pace.isOver());
        assertFalse(pace.mayHaveLeftSome());
    }
}
