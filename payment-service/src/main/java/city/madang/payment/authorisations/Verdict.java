package city.madang.payment.authorisations;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of a submission. */
public sealed interface Verdict {

    /**
     * It is accepted now.
     *
     * @param bill the bill that it pays, whole or in part
     */
    record Accepted(@Nullable UUID bill) implements Verdict {}

    /**
     * It was accepted before, and nothing more happens.
     *
     * @param earlier as it was then
     */
    record Replayed(Earlier earlier) implements Verdict {}

    /** It changes nothing. */
    record Refused(Refusal why) implements Verdict {}
}
