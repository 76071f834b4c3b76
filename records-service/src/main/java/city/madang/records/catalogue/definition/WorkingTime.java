package city.madang.records.catalogue.definition;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/**
 * When an office works: the time that a service level counts.
 *
 * @param days of the week, at least one
 * @param from local time of each working day
 * @param to after {@code from}
 * @param holidays days on which nobody works although the week says so
 */
public record WorkingTime(ZoneId zone, Set<DayOfWeek> days, LocalTime from, LocalTime to, Set<LocalDate> holidays) {

    public WorkingTime {
        days = Set.copyOf(days);
        holidays = Set.copyOf(holidays);
        if (days.isEmpty() || !from.isBefore(to)) {
            throw new IllegalArgumentException("nobody ever works");
        }
    }

    /** One working day of work. */
    public Duration day() {
        return Duration.between(from, to);
    }

    /** Working time between two instants, nothing if the second is not after the first. */
    public Duration between(Instant start, Instant end) {
        Duration worked = Duration.ZERO;
        LocalDate last = end.atZone(zone).toLocalDate();
        for (LocalDate date = start.atZone(zone).toLocalDate(); !date.isAfter(last); date = date.plusDays(1)) {
            if (works(date)) {
                Instant opens = later(opens(date), start);
                Instant closes = earlier(closes(date), end);
                worked = opens.isBefore(closes) ? worked.plus(Duration.between(opens, closes)) : worked;
            }
        }
        return worked;
    }

    /**
     * The first instant by which this much work can have been done since {@code start}.
     *
     * @param work nothing or more; at most a few years of it
     */
    public Instant after(Instant start, Duration work) {
        Duration left = work;
        if (!left.isPositive()) {
            return start;
        }
        for (LocalDate date = start.atZone(zone).toLocalDate(); ; date = date.plusDays(1)) {
            if (works(date)) {
                Instant opens = later(opens(date), start);
                Duration today = Duration.between(opens, closes(date));
                if (today.compareTo(left) >= 0) {
                    return opens.plus(left);
                }
                left = today.isPositive() ? left.minus(today) : left;
            }
        }
    }

    private boolean works(LocalDate date) {
        return days.contains(date.getDayOfWeek()) && !holidays.contains(date);
    }

    private Instant opens(LocalDate date) {
        return date.atTime(from).atZone(zone).toInstant();
    }

    private Instant closes(LocalDate date) {
        return date.atTime(to).atZone(zone).toInstant();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
