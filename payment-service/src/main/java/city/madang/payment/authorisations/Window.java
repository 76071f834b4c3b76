package city.madang.payment.authorisations;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When an authorisation may be accepted.
 *
 * @param shortest how long it must still be valid, so that it can settle before it expires
 * @param longest how long it may be valid
 * @param day where midnight begins the day of a daily limit
 */
public record Window(Duration shortest, Duration longest, ZoneId day) {

    /** When the day of this instant began. */
    Instant dayOf(Instant now) {
        return now.atZone(day).toLocalDate().atStartOfDay(day).toInstant();
    }

    Optional<Refusal> refuses(long validAfter, long validBefore, Instant now) {
        long second = now.getEpochSecond();
        if (second < validAfter) {
            return Optional.of(Refusal.NOT_YET_VALID);
        }
        if (second >= validBefore) {
            return Optional.of(Refusal.EXPIRED);
        }
        if (validBefore - second < shortest.toSeconds()) {
            return Optional.of(Refusal.EXPIRES_TOO_SOON);
        }
        if (validBefore - second > longest.toSeconds()) {
            return Optional.of(Refusal.VALID_TOO_LONG);
        }
        return Optional.empty();
    }

    /** A hold ends while its authorisation can still settle, and lasts a while. */
    Optional<Refusal> refusesHold(@Nullable Long holdUntil, long validBefore, Instant now) {
        if (holdUntil == null) {
            return Optional.empty();
        }
        return holdUntil <= now.getEpochSecond() || holdUntil > validBefore - shortest.toSeconds()
                ? Optional.of(Refusal.HOLD_TOO_LONG)
                : Optional.empty();
    }
}
