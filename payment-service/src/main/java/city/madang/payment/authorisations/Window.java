package city.madang.payment.authorisations;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When an authorisation may be accepted.
 *
 * @param shortest how long it must still be valid, so that it can settle before it expires
 * @param longest how long it may be valid
 */
public record Window(Duration shortest, Duration longest) {

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
}
