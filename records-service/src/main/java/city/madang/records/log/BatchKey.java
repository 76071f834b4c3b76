package city.madang.records.log;

import city.madang.records.RecordsProblem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The value of the header {@code Idempotency-Key}: an RFC 9651 string of 1 to 64 characters, in its quotes. */
final class BatchKey {

    /** RFC 9651 §4.2.5 without escapes: printable ASCII but {@code "} and {@code \}. */
    private static final Pattern FORM = Pattern.compile("\"([\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,64})\"");

    private BatchKey() {}

    static String of(@Nullable String header) {
        if (header == null) {
            throw RecordsProblem.IDEMPOTENCY_KEY_MISSING.with("send the header Idempotency-Key");
        }
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            throw RecordsProblem.IDEMPOTENCY_KEY_MISSING.with(
                    "a quoted string of 1 to 64 printable ASCII characters is needed");
        }
        return matcher.group(1);
    }
}
