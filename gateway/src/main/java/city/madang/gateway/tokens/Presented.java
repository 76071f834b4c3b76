package city.madang.gateway.tokens;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request's {@code Authorization} says. */
public sealed interface Presented {

    /** Longest token that is looked at, in characters; header fields are bounded anyway. */
    int LONGEST_TOKEN = 8192;

    /** RFC 6750, section 2.1, and RFC 9449, section 7.1. */
    Pattern FORM = Pattern.compile("(?i:(Bearer)|DPoP) +([A-Za-z0-9._~+/-]+=*)");

    /** No credentials. */
    record Nothing() implements Presented {}

    /**
     * An access token.
     *
     * @param bound whether the scheme is {@code DPoP}, so that a proof comes along
     */
    record Token(String value, boolean bound) implements Presented {
        @Override
        public String toString() {
            return bound ? "DPoP …" : "Bearer …";
        }
    }

    /** Something else. */
    record Malformed() implements Presented {}

    /** Reads all header fields {@code Authorization} of a request. */
    static Presented of(List<String> fields) {
        if (fields.isEmpty()) {
            return new Nothing();
        }
        Matcher form = FORM.matcher(fields.getFirst());
        if (fields.size() > 1 || fields.getFirst().length() > LONGEST_TOKEN || !form.matches()) {
            return new Malformed();
        }
        return new Token(form.group(2), form.group(1) == null);
    }
}
