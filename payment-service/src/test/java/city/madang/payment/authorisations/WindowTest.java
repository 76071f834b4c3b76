package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WindowTest {

    private static final Window WINDOW =
            new Window(Duration.ofSeconds(60), Duration.ofDays(30), ZoneId.of("Asia/Seoul"));
    private static final long AFTER = 1_795_600_000L;
    private static final long BEFORE = AFTER + 3_600;

    private static Optional<Refusal> at(long second, int nanos) {
        return WINDOW.refuses(AFTER, BEFORE, Instant.ofEpochSecond(second, nanos));
    }

    @Test
    void each_edge_of_the_window_is_a_whole_second_whatever_fraction_the_clock_shows() {
        assertEquals(Optional.of(Refusal.NOT_YET_VALID), at(AFTER - 1, 999_999_999));
        assertEquals(Optional.empty(), at(AFTER, 0));
        assertEquals(Optional.empty(), at(BEFORE - 60, 0));
        assertEquals(Optional.empty(), at(BEFORE - 60, 999_999_999));
        assertEquals(Optional.of(Refusal.EXPIRES_TOO_SOON), at(BEFORE - 59, 0));
        assertEquals(Optional.of(Refusal.EXPIRES_TOO_SOON), at(BEFORE - 1, 999_999_999));
        assertEquals(Optional.of(Refusal.EXPIRED), at(BEFORE, 0));
    }

    @Test
    void a_wallet_whose_clock_is_wrong_is_told_which_way() {
        for (long skew : new long[] {1, 30, 86_400}) {
            long now = AFTER - skew;
            assertEquals(Optional.of(Refusal.NOT_YET_VALID), at(now, 0), "the wallet's clock is ahead");
            assertEquals(Optional.of(Refusal.EXPIRED), at(BEFORE + skew, 0), "the wallet's clock is behind");
        }
        Instant now = Instant.ofEpochSecond(AFTER);
        long month = Duration.ofDays(30).toSeconds();
        assertEquals(Optional.empty(), WINDOW.refuses(AFTER, AFTER + month, now));
        assertEquals(Optional.of(Refusal.VALID_TOO_LONG), WINDOW.refuses(AFTER, AFTER + month + 1, now));
    }

    @Test
    void the_extremes_of_time_are_refused_and_overflow_nothing() {
        long most = 1L << 40;
        Instant now = Instant.ofEpochSecond(AFTER);
        assertEquals(Optional.of(Refusal.VALID_TOO_LONG), WINDOW.refuses(0, most, now));
        assertEquals(Optional.of(Refusal.NOT_YET_VALID), WINDOW.refuses(most - 1, most, now));
        assertEquals(Optional.of(Refusal.EXPIRED), WINDOW.refuses(0, 1, now));
        assertEquals(Optional.of(Refusal.HOLD_TOO_LONG), WINDOW.refusesHold(BEFORE - 59, BEFORE, now));
        assertEquals(Optional.empty(), WINDOW.refusesHold(BEFORE - 60, BEFORE, now));
        assertEquals(Optional.of(Refusal.HOLD_TOO_LONG), WINDOW.refusesHold(AFTER, BEFORE, now));
    }
}
