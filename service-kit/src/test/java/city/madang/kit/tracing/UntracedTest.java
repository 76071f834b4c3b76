package city.madang.kit.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import city.madang.kit.events.Event;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** Where nobody says where spans go there are none: requests and statements pass no tracer, events keep no trace. */
@QuarkusTest
class UntracedTest {

    @Inject
    Tracer tracer;

    @Inject
    Vertx vertx;

    @Test
    void nothing_is_traced_and_an_event_keeps_no_trace() {
        Span span = tracer.spanBuilder("it happens").startSpan();
        try (var scope = span.makeCurrent()) {
            assertFalse(span.isRecording());
            assertNull(Event.now("thing.happened", "one", new JsonObject()).traceparent());
        }
    }

    @Test
    void requests_pass_no_tracer() {
        assertNull(((VertxInternal) vertx).tracer());
    }

    @Test
    void a_traceparent_is_read_as_it_was_written() {
        String some = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        assertEquals(
                some, Traceparent.of(Span.fromContext(Traceparent.context(some)).getSpanContext()));
        for (String none : new String[] {"", "00-0-0-01", some.substring(1), "민지"}) {
            assertNull(
                    Traceparent.of(Span.fromContext(Traceparent.context(none)).getSpanContext()), none);
        }
    }
}
