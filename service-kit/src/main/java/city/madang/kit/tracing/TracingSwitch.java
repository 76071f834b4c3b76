package city.madang.kit.tracing;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Switches the tracing of Quarkus on where there is somewhere to export to, so that one setting is enough. */
public final class TracingSwitch implements ConfigSourceFactory {

    /** Above the kit's defaults, below everything that a service or its environment says. */
    private static final int ORDINAL = 95;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        @Nullable ConfigValue endpoint = context.getValue("madang.tracing.endpoint");
        boolean isSet = endpoint != null
                && endpoint.getValue() != null
                && !endpoint.getValue().isBlank();
        return isSet
                ? List.of(new PropertiesConfigSource(
                        Map.of("quarkus.otel.sdk.disabled", "false"), "madang.tracing.endpoint is set", ORDINAL))
                : List.of();
    }
}
