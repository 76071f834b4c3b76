package city.madang.payment.history;

import city.madang.kit.problem.CommonProblem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A place in an account's history: everything older comes after it. As text {@code <microseconds since 1970>.<position>}, which
 * callers only pass on.
 *
 * @param accepted when the payment there was accepted
 * @param position its place among those accepted in the same instant
 */
record Cursor(Instant accepted, long position) {

    /** What the text looks like. */
    static final String FORM = "[0-9]{1,18}\\.[0-9]{1,18}";

    static Cursor parse(String text) {
        String[] parts = text.split("\\.", 2);
        try {
            return new Cursor(
                    Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS), Long.parseLong(parts[1]));
        } catch (DateTimeException | ArithmeticException outOfRange) {
            throw CommonProblem.INVALID_REQUEST.with("after is no cursor of this list");
        }
    }

    String text() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, accepted) + "." + position;
    }
}
