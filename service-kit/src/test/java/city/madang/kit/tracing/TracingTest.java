package city.madang.kit.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.SpanReceiver;
import city.madang.devstack.testing.SpanReceiver.Received;
import city.madang.devstack.testing.SpanReceiverResource;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Spans as a collector receives them: one trace through request, outbox, broker and handler, and nothing in it of persons. */
@QuarkusTest
@TestProfile(Traced.class)
@QuarkusTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka"),
            @ResourceArg(name = "service", value = "identity")
        },
        restrictToAnnotatedClass = true)
@QuarkusTestResource(value = SpanReceiverResource.class, restrictToAnnotatedClass = true)
class TracingTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String PERSONAL = "민지-1990-03-14";

    SpanReceiver receiver;

    @Inject
    Pool pool;

    @Inject
    Outbox outbox;

    @Inject
    Tracer tracer;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void an_event_is_taken_in_the_trace_in_which_it_came_about() {
        String subject = UUID.randomUUID().toString();
        Span span = tracer.spanBuilder("it happens").startSpan();
        Event event;
        try (var scope = span.makeCurrent()) {
            event = Event.now("thing.happened", subject, new JsonObject().put("step", 1));
        } finally {
            span.end();
        }
        tell(event);

        Received taken = received(event);

        assertEquals("process thing.happened", taken.name());
        assertEquals(span.getSpanContext().getTraceId(), taken.trace());
        assertEquals(span.getSpanContext().getSpanId(), taken.parent());
        assertEquals("madang.kit", taken.attributes().get("messaging.destination.name"));
    }

    @Test
    void an_event_of_no_trace_begins_one() {
        Event event = Event.now("thing.happened", UUID.randomUUID().toString(), new JsonObject().put("step", 1));
        tell(event);

        assertEquals("", received(event).parent());
    }

    @Test
    void what_a_caller_wrote_into_path_query_and_fields_stays_here() throws Exception {
        String trace = UUID.randomUUID().toString().replace("-", "");
        String secret = UUID.randomUUID().toString();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port + "/things/" + secret + "?code=" + secret))
                    .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-00")
                    .header("User-Agent", secret)
                    .header("Authorization", "Bearer " + secret)
                    .build();
            assertEquals(500, http.send(request, BodyHandlers.discarding()).statusCode());
        }

        Received served =
                receiver.await("the request's span", each -> each.trace().equals(trace));

        assertEquals("GET /things/{id}", served.name());
        assertEquals("00f067aa0ba902b7", served.parent());
        assertEquals("/things/{id}", served.attributes().get("http.route"));
        assertEquals("500", served.attributes().get("http.response.status_code"));
        assertNowhere(secret);
    }

    @Test
    void what_code_writes_into_a_span_beside_what_may_leave_stays_here() {
        Span span = tracer.spanBuilder("it fails").startSpan();
        span.setAttribute("name", PERSONAL);
        span.setAttribute(SpanAttributes.SETTLEMENT_BATCH, 7L);
        span.setStatus(StatusCode.ERROR, PERSONAL);
        span.recordException(new IllegalStateException(PERSONAL));
        span.end();

        Received failed = receiver.await("the span", each -> each.name().equals("it fails"));

        assertEquals(java.util.Map.of("madang.settlement.batch", "7"), failed.attributes());
        assertNowhere(PERSONAL);
    }

    private Received received(Event event) {
        return receiver.await(
                "the handler's span",
                span -> event.id().toString().equals(span.attributes().get("cloudevents.event_id")));
    }

    private void assertNowhere(String text) {
        List<byte[]> bodies = receiver.bodies();
        assertTrue(!bodies.isEmpty());
        bodies.forEach(body -> assertFalse(new String(body, StandardCharsets.UTF_8).contains(text)));
    }

    private void tell(Event event) {
        pool.withTransaction(connection -> outbox.add(connection, List.of(event)))
                .await()
                .atMost(SOON);
    }
}
