package city.madang.kit.tracing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where spans go. */
@ConfigMapping(prefix = "madang.tracing")
public interface TracingSettings {

    /** Address of an OTLP receiver that takes protobuf over HTTP, e.g. {@code http://collector:4318/v1/traces}; without it nothing is traced. */
    Optional<URI> endpoint();

    /** Share of traces that are exported, 0 to 1. Decided by the trace id, so that all services export the same ones. */
    @WithDefault("0.1")
    double ratio();
}
