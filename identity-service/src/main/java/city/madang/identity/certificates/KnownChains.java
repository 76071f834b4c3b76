package city.madang.identity.certificates;

import city.madang.identity.jose.Malformed;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chains that were found good a moment ago. To find out costs several signatures, and all credentials of an agency come with the
 * same chain. What was found bad is looked at anew each time.
 */
public final class KnownChains {

    /** So long a root that was replaced may still count. */
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** Leaves of agencies, some old ones among them; each with its chain is some kilobytes. */
    private static final int MOST = 1000;

    private final Clock clock;
    private final Cache<List<?>, Known> known =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    public KnownChains(Clock clock) {
        this.clock = clock;
    }

    /** @param until the first of its certificates ends, or it is to be looked at anew */
    private record Known(X509Certificate leaf, Instant until) {}

    /** What a good chain is; checks all of it. */
    public interface Check {
        /** Leaf first, without the root. */
        List<X509Certificate> good(@Nullable Object x5c) throws Malformed;
    }

    /** The leaf of a chain, checked now or a moment ago and valid now either way. */
    public X509Certificate leafOf(@Nullable Object x5c, Check check) throws Malformed {
        Instant now = clock.instant();
        // equal texts are equal certificates; whatever else there may be in x5c is for the check to refuse
        List<?> texts = x5c instanceof List<?> list ? list : List.of();
        Known before = known.getIfPresent(texts);
        if (before != null && now.isBefore(before.until())) {
            return before.leaf();
        }
        List<X509Certificate> good = check.good(x5c);
        Instant until = now.plus(REMEMBERED);
        for (X509Certificate certificate : good) {
            Instant ends = certificate.getNotAfter().toInstant();
            until = ends.isBefore(until) ? ends : until;
        }
        known.put(List.copyOf(texts), new Known(good.getFirst(), until));
        return good.getFirst();
    }
}
