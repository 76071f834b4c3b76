package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.PayAuthorisation;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When batches follow each other at once, when what is left gathers, and when a turn is over. */
class PaceTest {

    private static final Duration LONG = Duration.ofHours(1);

    private static Optional<Batch> batch(int items) {
        Bytes32 one = Bytes32.of(BigInteger.ONE);
        Batch.Item item = new Batch.Item(
                one,
                new PayAuthorisation(one, 1, one, 1, Bytes32.ZERO, BigInteger.ONE, 0, 1),
                "",
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                null);
        return Optional.of(new Batch(1, List.of(), Collections.nCopies(items, item)));
    }

    @Test
    void the_first_is_due_at_once_and_a_full_one_is_followed_at_once() {
        Pace pace = new Pace(LONG, LONG);

        assertTrue(pace.isDue());
        pace.recorded(batch(LedgerContract.BATCH_MAX));
        assertTrue(pace.isDue());
    }

    @Test
    void what_comes_after_one_that_was_not_full_gathers() {
        Pace pace = new Pace(LONG, LONG);

        pace.recorded(batch(LedgerContract.BATCH_MAX - 1));

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
        pace.recorded(batch(1));
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
