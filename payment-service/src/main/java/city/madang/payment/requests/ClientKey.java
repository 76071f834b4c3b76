package city.madang.payment.requests;

import city.madang.payment.problems.PaymentProblem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of the header {@code Idempotency-Key}: an RFC 9651 string (draft-ietf-httpapi-idempotency-key-header-07 §2.1), such
 * as {@code "8e03978e-40d5-43dd-bc93-6894a57f9324"} with its quotes.
 */
public final class ClientKey {

    /** The header. */
    public static final String HEADER = "Idempotency-Key";

    /** The header of an answer that was given before. */
    public static final String REPLAYED = "Idempotency-Replayed";

    /** Longest key, in characters. */
    public static final int LENGTH_MAX = 64;

    /** RFC 9651 §4.2.5 without escapes: printable ASCII but {@code "} and {@code \}. */
    private static final Pattern FORM =
            Pattern.compile("\"([\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1," + LENGTH_MAX + "})\"");

    private ClientKey() {}

    /** The key, empty when the header is missing. */
    public static Optional<String> optional(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            throw PaymentProblem.INVALID_IDEMPOTENCY_KEY.with(
                    PaymentProblem.INVALID_IDEMPOTENCY_KEY.meaning().when());
        }
        return Optional.of(matcher.group(1));
    }

    /** The key; a problem when the header is missing. */
    public static String required(@Nullable String header) {
        return optional(header)
                .orElseThrow(() -> PaymentProblem.IDEMPOTENCY_KEY_MISSING.with("send the header " + HEADER));
    }
}
