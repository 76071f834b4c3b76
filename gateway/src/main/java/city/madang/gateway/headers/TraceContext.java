package city.madang.gateway.headers;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The {@code traceparent} of W3C Trace Context, level 1. */
final class TraceContext {

    private static final Pattern VERSION_0 =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceContext() {}

    /** Whether a caller's value may be passed on as it is. */
    static boolean isValid(String traceparent) {
        return VERSION_0.matcher(traceparent).matches();
    }

    /** The trace id of a valid one. */
    static String id(String traceparent) {
        return traceparent.substring(3, 35);
    }

    /** A new, sampled trace. Ids only have to be distinct, not secret. */
    static String create() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        // the lowest bit keeps an id from being all zeros, which the standard forbids
        return "00-" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong() | 1) + "-"
                + hex.toHexDigits(random.nextLong() | 1) + "-01";
    }
}
