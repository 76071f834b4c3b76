package city.madang.kit.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;

/**
 * Lets through what {@link SpanAttributes} lists: whatever a library writes into a span, of events the name and of failures the type.
 * A failure's message quotes what it was about, so it stays here.
 */
final class CleanedSpans implements SpanExporter {

    private final SpanExporter out;

    CleanedSpans(SpanExporter out) {
        this.out = out;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        return out.export(spans.stream().<SpanData>map(Cleaned::new).toList());
    }

    @Override
    public CompletableResultCode flush() {
        return out.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return out.shutdown();
    }

    private static final class Cleaned extends DelegatingSpanData {

        private final Attributes attributes;
        private final List<EventData> events;
        private final List<LinkData> links;

        Cleaned(SpanData span) {
            super(span);
            attributes = SpanAttributes.cleaned(span.getAttributes());
            events = span.getEvents().stream()
                    .map(event -> EventData.create(
                            event.getEpochNanos(), event.getName(), SpanAttributes.cleaned(event.getAttributes())))
                    .toList();
            links = span.getLinks().stream()
                    .map(link -> LinkData.create(link.getSpanContext()))
                    .toList();
        }

        @Override
        public Attributes getAttributes() {
            return attributes;
        }

        @Override
        public List<EventData> getEvents() {
            return events;
        }

        @Override
        public List<LinkData> getLinks() {
            return links;
        }

        @Override
        public StatusData getStatus() {
            return StatusData.create(super.getStatus().getStatusCode(), "");
        }

        @Override
        public int getTotalAttributeCount() {
            return attributes.size();
        }
    }
}
