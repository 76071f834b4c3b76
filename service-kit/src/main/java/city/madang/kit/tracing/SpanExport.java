package city.madang.kit.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;

/** Sends spans by OTLP 1 over HTTP, cleaned; made only where tracing is on. */
@ApplicationScoped
class SpanExport {

    @Produces
    @Singleton
    @Unremovable
    SpanExporter exporter(TracingSettings settings) {
        return settings.endpoint().map(SpanExport::to).orElseGet(SpanExporter::composite);
    }

    private static SpanExporter to(URI endpoint) {
        return new CleanedSpans(
                OtlpHttpSpanExporter.builder().setEndpoint(endpoint.toString()).build());
    }
}
