package city.madang.gateway.routing;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One route, as configured below {@code madang.gateway.routes.<name>}. */
public interface RouteSettings {

    /** Where the service listens: scheme, host and port, no path. */
    URI url();

    /** What is public: exact paths, or {@code /prefix/**} for a prefix and all below it. */
    List<String> paths();

    /** Exceptions from the paths, in the same form. */
    Optional<List<String>> except();

    /** The methods that pass; every other is answered with 405. */
    @WithDefault("GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS")
    Set<String> methods();

    /** The largest request body; a larger one is answered with 413 as soon as that is known. */
    @WithDefault("1M")
    MemorySize maxBodySize();

    /** How long the service may take from the end of the request to the head of its answer, before 504. */
    @WithDefault("30s")
    Duration responseTimeout();

    /** The Content-Security-Policy of answers that carry none of their own. */
    Optional<String> contentSecurityPolicy();

    /** Path and query of the service's own OpenAPI document, read by the gateway alone. */
    Optional<String> openapi();

    /** The checked route. */
    default Route toRoute(String name) {
        return new Route(
                name,
                url(),
                paths(),
                except().orElse(List.of()),
                methods(),
                maxBodySize().asLongValue(),
                responseTimeout(),
                contentSecurityPolicy(),
                openapi());
    }
}
