package city.madang.gateway.routing;

import java.util.HexFormat;

/**
 * The path of a request target, read once and strictly. A path that a service behind the gateway might normalise to
 * something else (dot segments, empty segments, encoded separators, backslashes, path parameters, double encoding) is
 * refused, never repaired: what the gateway matched is then byte for byte what the service sees.
 */
public sealed interface RequestPath {

    /** The octets that RFC 3986 (section 3.3) allows in a segment besides letters and digits; without {@code ;}. */
    String PUNCTUATION = "-._~!$&'()*+,=:@";

    /**
     * A path in its one spelling.
     *
     * @param value starts with a slash, without the query
     */
    record Accepted(String value) implements RequestPath {}

    /**
     * A target that is not acceptable.
     *
     * @param reason one English sentence for the caller
     */
    record Refused(String reason) implements RequestPath {}

    /**
     * Reads a request target in origin form (RFC 9112, section 3.2.1).
     *
     * @param target path and optional query, as sent
     */
    static RequestPath of(String target) {
        if (!target.startsWith("/")) {
            return new Refused("The request target must be a path that starts with a slash.");
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#' || c == '\\') {
                return new Refused("The request target holds a character that must be percent-encoded.");
            }
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                if (!isHarmlessEncoding(path, i)) {
                    return new Refused("The path holds a percent-encoding that is not accepted.");
                }
                i += 2;
            } else if (c != '/' && !isLetterOrDigit(c) && PUNCTUATION.indexOf(c) < 0) {
                return new Refused("The path holds a character that is not accepted.");
            }
        }
        if (path.contains("//")) {
            return new Refused("The path holds an empty segment.");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return new Refused("The path holds a dot segment.");
            }
        }
        return new Accepted(path);
    }

    /** Whether three characters at {@code at} encode an octet that no reader takes for a separator or a control. */
    private static boolean isHarmlessEncoding(String path, int at) {
        if (at + 2 >= path.length()
                || !HexFormat.isHexDigit(path.charAt(at + 1))
                || !HexFormat.isHexDigit(path.charAt(at + 2))) {
            return false;
        }
        int octet = HexFormat.fromHexDigits(path, at + 1, at + 3);
        return octet >= 0x20 && octet != 0x7f && "./\\%;?#".indexOf(octet) < 0;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
