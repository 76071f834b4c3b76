package city.madang.identity.sdjwt;

import city.madang.identity.jose.Malformed;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The time in which a credential holds (RFC 7519 §4.1.4 to §4.1.6). */
public final class Validity {

    /** How far clocks may differ. */
    static final long SKEW_SECONDS = 60;

    /** The end of the year 9999. */
    private static final double LAST_SECOND = 253_402_300_799.0;

    private Validity() {}

    /** @throws Malformed if the credential does not hold at this time, or says so in another form than numbers */
    public static void check(Map<String, @Nullable Object> payload, Instant now) throws Malformed {
        long seconds = now.getEpochSecond();
        if (payload.containsKey("exp") && seconds >= seconds(payload, "exp") + SKEW_SECONDS) {
            throw new Malformed("the credential has expired");
        }
        if (payload.containsKey("nbf") && seconds < seconds(payload, "nbf") - SKEW_SECONDS) {
            throw new Malformed("the credential is not valid yet");
        }
        if (payload.containsKey("iat") && seconds < seconds(payload, "iat") - SKEW_SECONDS) {
            throw new Malformed("the credential is from the future");
        }
    }

    /** A NumericDate, without fractions; one beyond the year 9999 is no date. */
    static long seconds(Map<String, @Nullable Object> payload, String name) throws Malformed {
        if (payload.get(name) instanceof Number number) {
            double value = number.doubleValue();
            if (value >= 0 && value <= LAST_SECOND) {
                return (long) value;
            }
        }
        throw new Malformed(name + " must be a number of seconds");
    }
}
