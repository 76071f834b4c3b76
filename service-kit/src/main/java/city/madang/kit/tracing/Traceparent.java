package city.madang.kit.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code traceparent} of W3C Trace Context level 1, as it is kept in tables and sent in events. */
public final class Traceparent {

    private static final String FIELD = "traceparent";

    private static final TextMapGetter<String> ONE_FIELD = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(FIELD);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(FIELD) ? carrier : null;
        }
    };

    private Traceparent() {}

    /** That of the span in which this runs; null while nothing is traced. */
    public static @Nullable String current() {
        return of(Span.current().getSpanContext());
    }

    /** That of a span; null if it is none. */
    public static @Nullable String of(SpanContext span) {
        return span.isValid()
                ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getTraceFlags().asHex()
                : null;
    }

    /** What continues it; of none, or of a malformed one, a context in which a new trace begins. */
    public static Context context(@Nullable String traceparent) {
        return traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ONE_FIELD);
    }
}
