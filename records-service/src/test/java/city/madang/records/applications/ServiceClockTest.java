package city.madang.records.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.records.catalogue.definition.WorkingTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceClockTest {

    private static final WorkingTime SEOUL = new WorkingTime(
            ZoneId.of("Asia/Seoul"),
            EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
            LocalTime.of(9, 0),
            LocalTime.of(18, 0),
            Set.of(LocalDate.of(2026, 12, 25)));

    private static Instant seoul(String local) {
        return java.time.LocalDateTime.parse(local).atZone(SEOUL.zone()).toInstant();
    }

    @Test
    void working_days_leave_out_nights_weekends_and_holidays() {
        // Thursday the 24th at 17:00, one working day: the holiday and the weekend do not count
        assertEquals(seoul("2026-12-28T17:00"), SEOUL.after(seoul("2026-12-24T17:00"), SEOUL.day()));
        assertEquals(seoul("2026-11-30T18:00"), SEOUL.after(seoul("2026-11-28T12:00"), SEOUL.day()));
        assertEquals(Duration.ofHours(1), SEOUL.between(seoul("2026-12-24T17:00"), seoul("2026-12-28T08:00")));
        assertEquals(Duration.ZERO, SEOUL.between(seoul("2026-12-25T10:00"), seoul("2026-12-27T10:00")));
    }

    /** The example of docs/records.md. */
    @Test
    void seven_working_days_with_a_question_in_between() {
        Duration seven = SEOUL.day().multipliedBy(7);
        ServiceClock clock = ServiceClock.started(seoul("2026-11-26T10:00"));
        assertEquals(seoul("2026-12-07T10:00"), clock.due(seven, SEOUL));
        ServiceClock answered = clock.paused(seoul("2026-11-27T10:00"), SEOUL).resumed(seoul("2026-12-02T10:00"));
        assertEquals(seoul("2026-12-10T10:00"), answered.due(seven, SEOUL));
    }

    @Test
    void what_is_worked_until_it_is_due_is_what_was_promised() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            Instant start = seoul("2026-11-20T00:00").plus(Duration.ofMinutes(random.nextInt(60 * 24 * 60)));
            Duration work = Duration.ofMinutes(1 + random.nextInt(9 * 60 * 30));
            Instant due = SEOUL.after(start, work);
            assertEquals(work, SEOUL.between(start, due), () -> start + " + " + work);
            assertTrue(SEOUL.between(start, due.minusSeconds(1)).compareTo(work) < 0);
        }
    }

    @Test
    void the_clock_rests_while_the_applicant_is_asked() {
        Duration budget = SEOUL.day().multipliedBy(2);
        ServiceClock clock = ServiceClock.started(seoul("2026-11-26T09:00"));
        assertEquals(seoul("2026-11-27T18:00"), clock.due(budget, SEOUL));
        ServiceClock asked = clock.paused(seoul("2026-11-26T12:00"), SEOUL);
        assertNull(asked.due(budget, SEOUL));
        assertEquals(Duration.ofHours(3), asked.spent());
        assertEquals(asked, asked.paused(seoul("2026-11-30T12:00"), SEOUL), "it rests already");
        ServiceClock answered = asked.resumed(seoul("2026-12-07T09:00"));
        // 15 of 18 hours are left
        assertEquals(seoul("2026-12-08T15:00"), answered.due(budget, SEOUL));
        ServiceClock late = answered.paused(seoul("2026-12-10T18:00"), SEOUL).resumed(seoul("2026-12-14T10:00"));
        assertEquals(seoul("2026-12-14T10:00"), late.due(budget, SEOUL), "what is overdue is due at once");
    }
}
