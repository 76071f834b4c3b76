package city.madang.gateway.headers;

import io.netty.handler.codec.DateFormatter;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/** {@code Date} of an answer (RFC 9110, section 6.6.1), written once a second for all of them. */
final class HttpDate {

    private static volatile HttpDate last = new HttpDate(0);

    private final long second;
    private final String text;

    private HttpDate(long second) {
        this.second = second;
        this.text = DateFormatter.format(new Date(TimeUnit.SECONDS.toMillis(second)));
    }

    /** Now, as an IMF-fixdate. */
    static String now() {
        long second = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        HttpDate known = last;
        if (known.second != second) {
            known = new HttpDate(second);
            last = known;
        }
        return known.text;
    }
}
