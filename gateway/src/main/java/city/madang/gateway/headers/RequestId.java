package city.madang.gateway.headers;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id under which one request is found in every log: a UUID in lower case. */
public record RequestId(String value) {

    /** The header that carries it, to the service and back to the caller. */
    public static final String HEADER = "X-Request-Id";

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** The caller's own id where it is a UUID in lower case, otherwise a new one. */
    public static RequestId from(@Nullable String offered) {
        if (offered != null && UUID_TEXT.matcher(offered).matches()) {
            return new RequestId(offered);
        }
        // a UUID of version 4 (RFC 9562, section 5.4); it only has to be distinct, not secret
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long most = random.nextLong() & ~0xf000L | 0x4000L;
        long least = random.nextLong() & ~(3L << 62) | 1L << 63;
        return new RequestId(new UUID(most, least).toString());
    }
}
