package city.madang.gateway.routing;

/**
 * How many requests of a route pass.
 *
 * @param caller of one subject, or of one address without a token
 * @param agency of all systems and officers of one agency
 * @param route of all
 * @param onFailure what happens while the shared counters can't be asked
 */
public record RouteLimits(Rate caller, Rate agency, Rate route, OnFailure onFailure) {

    /** What happens while the shared counters can't be asked. */
    public enum OnFailure {
        /** Each gateway counts by itself. */
        OPEN,
        /** Nothing passes. */
        CLOSED
    }
}
