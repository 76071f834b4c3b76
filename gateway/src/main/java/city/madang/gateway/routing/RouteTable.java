package city.madang.gateway.routing;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All routes. No path is covered by two of them, so their order does not matter. */
public final class RouteTable {

    private final List<Route> routes;

    /** Builds the table, sorted by name. */
    public RouteTable(Map<String, ? extends RouteSettings> settings) {
        this.routes = settings.entrySet().stream()
                .map(entry -> entry.getValue().toRoute(entry.getKey()))
                .sorted(Comparator.comparing(Route::name))
                .toList();
        for (Route route : routes) {
            for (String pattern : route.paths()) {
                String path = pattern.endsWith("/**") ? pattern.substring(0, pattern.length() - 3) : pattern;
                if (routes.stream().anyMatch(other -> other != route && other.covers(path))) {
                    throw new IllegalArgumentException("The path " + pattern + " belongs to two routes");
                }
            }
        }
    }

    /** The route that publishes a path, if any does. */
    public Optional<Route> find(String path) {
        for (Route route : routes) {
            if (route.covers(path)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    /** Every route, sorted by name. */
    public List<Route> all() {
        return routes;
    }
}
