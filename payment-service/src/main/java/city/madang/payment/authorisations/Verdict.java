package city.madang.payment.authorisations;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of a submission. */
public sealed interface Verdict {

    /**
     * It is accepted now.
     *
     * @param bill the bill that it pays
     */
    record Accepted(@Nullable UUID bill) implements Verdict {}

    /**
     * It was accepted before, and nothing more happens.
     *
     * @param at when it was accepted
     */
    record Replayed(Instant at) implements Verdict {}

    /** It changes nothing. */
    record Refused(Refusal why) implements Verdict {}
}
