package city.madang.identity.jose;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code application/x-www-form-urlencoded}, where a parameter may stand once only, and one without a value is as good as
 * absent (RFC 6749 §3.2).
 */
public final class FormBody {

    private static final int MOST_PARAMETERS = 30;

    private FormBody() {}

    /** @throws Malformed if a parameter is repeated or badly encoded, or there are too many */
    public static Map<String, String> parse(String body) throws Malformed {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (body.isEmpty()) {
            return parameters;
        }
        String[] pairs = body.split("&", MOST_PARAMETERS + 1);
        if (pairs.length > MOST_PARAMETERS) {
            throw new Malformed("too many parameters");
        }
        try {
            for (String pair : pairs) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                String decoded = URLDecoder.decode(value, StandardCharsets.UTF_8);
                if (decoded.indexOf('\0') >= 0) {
                    throw new Malformed("a parameter holds a NUL");
                }
                if (parameters.put(URLDecoder.decode(name, StandardCharsets.UTF_8), decoded) != null) {
                    throw new Malformed("a parameter is repeated");
                }
            }
        } catch (IllegalArgumentException broken) {
            throw new Malformed("the form is badly encoded");
        }
        parameters.values().removeIf(String::isEmpty);
        return parameters;
    }
}
