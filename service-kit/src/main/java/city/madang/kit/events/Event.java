package city.madang.kit.events;

import city.madang.kit.tracing.Traceparent;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fact, as a CloudEvents 1.0 event.
 *
 * @param id unique among the events of its source; readers recognise a redelivery by it
 * @param source the service that tells it, e.g. {@code /payment-service}
 * @param type e.g. {@code bill.paid}
 * @param subject id of the aggregate that changed; events of one subject arrive in order
 * @param time when it happened
 * @param data references and amounts; never data of a person
 * @param traceparent the trace in which it came about (CloudEvents distributed tracing extension); null while nothing is traced
 */
public record Event(
        UUID id,
        String source,
        String type,
        String subject,
        Instant time,
        JsonObject data,
        @Nullable String traceparent) {

    /** An event that happens now; the outbox fills in the source when it is relayed. */
    public static Event now(String type, String subject, JsonObject data) {
        return new Event(
                UUID.randomUUID(),
                "",
                type,
                subject,
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                data,
                Traceparent.current());
    }

    /** The same, in the trace of the work that it is told for, where another thread tells it. */
    public Event within(@Nullable String trace) {
        return new Event(id, source, type, subject, time, data, trace);
    }
}
