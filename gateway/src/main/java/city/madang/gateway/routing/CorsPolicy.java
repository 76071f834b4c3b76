package city.madang.gateway.routing;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may call a route from a browser (Fetch, "CORS protocol"). Never with credentials: callers show
 * tokens, not cookies.
 *
 * @param origins serialised origins, or {@code *} for any
 * @param exposed names of header fields of answers that a page may read
 */
public record CorsPolicy(Set<String> origins, String exposed) {

    public CorsPolicy {
        origins = Set.copyOf(origins);
    }

    /** What {@code Access-Control-Allow-Origin} says to a page of this origin; null if the page may not read the answer. */
    public @Nullable String allowed(@Nullable String origin) {
        if (origins.contains("*")) {
            return "*";
        }
        return origin != null && origins.contains(origin) ? origin : null;
    }

    /** Whether the answer depends on who asks. */
    public boolean varies() {
        return !origins.contains("*");
    }
}
