package city.madang.gateway.tokens;

import java.util.List;

/** What a request's {@code Authorization} says. */
public sealed interface Presented {

    /** Longest token that is looked at, in characters; header fields are bounded anyway. */
    int LONGEST_TOKEN = 8192;

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
        String field = fields.getFirst();
        int space = field.indexOf(' ');
        if (fields.size() > 1 || field.length() > LONGEST_TOKEN || space < 0) {
            return new Malformed();
        }
        String scheme = field.substring(0, space);
        boolean bound = scheme.equalsIgnoreCase("DPoP");
        int from = space;
        while (from < field.length() && field.charAt(from) == ' ') {
            from++;
        }
        String token = field.substring(from);
        return (bound || scheme.equalsIgnoreCase("Bearer")) && isToken68(token)
                ? new Token(token, bound)
                : new Malformed();
    }

    /** {@code b64token} of RFC 6750, section 2.1, which RFC 9449, section 7.1, takes over; read by hand, since each request passes here. */
    private static boolean isToken68(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~+/".indexOf(c) >= 0)) {
                return false;
            }
        }
        return end > 0;
    }
}
