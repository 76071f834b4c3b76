package city.madang.kit.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The services' own spans come of this tracer: where tracing is off it makes none, while that of a disabled SDK would still make ids. */
@ApplicationScoped
class Tracers {

    private static final String NAME = "city.madang";

    @Produces
    @Singleton
    Tracer tracer(TracingSettings settings, OpenTelemetry telemetry) {
        return settings.endpoint().isPresent()
                ? telemetry.getTracer(NAME)
                : TracerProvider.noop().get(NAME);
    }
}
