package city.madang.kit.events;

import city.madang.kit.outage.Outage;
import city.madang.kit.tracing.SpanAttributes;
import city.madang.kit.tracing.Traceparent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes events from the other services' topics, each exactly once in effect. Events of one subject are taken in order, those
 * of different subjects side by side: one that waits for its forerunner holds up nobody else.
 */
@ApplicationScoped
public class EventConsumer {

    private static final Logger LOG = Logger.getLogger(EventConsumer.class);

    /** How often an event whose handler fails is tried before it is dead-lettered. */
    static final int ATTEMPTS = 5;

    /** How often an event is tried whose forerunner is on its way from another topic: about two minutes. */
    static final int ATTEMPTS_NOT_YET = 30;

    /** Events that may be under way at once; each holds a database connection while its handler runs. */
    static final int SIDE_BY_SIDE = 12;

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Mutiny.SessionFactory sessions;
    private final Tracer tracer;
    private final Map<String, EventHandler> handlers = new HashMap<>();
    private final Lanes lanes = new Lanes(SIDE_BY_SIDE);

    EventConsumer(Mutiny.SessionFactory sessions, Tracer tracer, @Any Instance<EventHandler> handlers) {
        this.sessions = sessions;
        this.tracer = tracer;
        for (EventHandler handler : handlers) {
            if (this.handlers.put(handler.type(), handler) != null) {
                throw new IllegalStateException("two handlers for events of type " + handler.type());
            }
        }
    }

    /** Completes when there is room for the next event; the message is acknowledged when its effect has been committed. */
    @Incoming("events-in")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> take(Message<byte[]> message) {
        Context context = Objects.requireNonNull(Vertx.currentContext(), "messages arrive on a Vert.x context");
        return lanes.enter(subject(message), () -> onContext(context, settle(message)));
    }

    private Uni<Void> settle(Message<byte[]> message) {
        return Uni.createFrom()
                .deferred(() -> decodeAndHandle(message))
                .onItemOrFailure()
                .transformToUni((done, failure) -> failure == null
                        ? Uni.createFrom().completionStage(message.ack())
                        : Uni.createFrom().completionStage(message.nack(failure)));
    }

    /** Each message has a context of its own; a session must not be opened on that of the message before it. */
    private static Uni<Void> onContext(Context context, Uni<Void> work) {
        return Uni.createFrom()
                .emitter(emitter ->
                        context.runOnContext(nothing -> work.subscribe().with(emitter::complete, emitter::fail)));
    }

    private static String subject(Message<byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .map(record -> String.valueOf(record.getKey()))
                .orElse("");
    }

    private Uni<Void> decodeAndHandle(Message<byte[]> message) {
        Event event;
        try {
            event = decode(message);
        } catch (Poison poison) {
            LOG.errorf("event goes to the dead-letter topic: %s", poison.getMessage());
            return Uni.createFrom().failure(poison);
        }
        EventHandler handler = handlers.get(event.type());
        return handler == null ? Uni.createFrom().voidItem() : traced(event, topic(message), handle(event, handler));
    }

    /** A span that goes on where the event came about; what the handler tells goes on with it. */
    // closed when the work has ended, which is after this method
    @SuppressWarnings("MustBeClosedChecker")
    private Uni<Void> traced(Event event, String topic, Uni<Void> work) {
        Span span = tracer.spanBuilder("process " + event.type())
                .setParent(Traceparent.context(event.traceparent()))
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute(SpanAttributes.MESSAGING_SYSTEM, "kafka")
                .setAttribute(SpanAttributes.MESSAGING_OPERATION, "process")
                .setAttribute(SpanAttributes.MESSAGING_DESTINATION, topic)
                .setAttribute(SpanAttributes.EVENT_TYPE, event.type())
                .setAttribute(SpanAttributes.EVENT_ID, event.id().toString())
                .setAttribute(SpanAttributes.EVENT_SOURCE, event.source())
                .startSpan();
        if (!span.getSpanContext().isValid()) {
            return work;
        }
        // kept by the message's own context of Vert.x until it is closed
        Scope scope = span.makeCurrent();
        return work.onFailure()
                .invoke(failure -> span.setStatus(StatusCode.ERROR).recordException(failure))
                .onTermination()
                .invoke(() -> {
                    scope.close();
                    span.end();
                });
    }

    private static String topic(Message<byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .map(IncomingKafkaRecordMetadata::getTopic)
                .orElse("");
    }

    /** Runs the handler once in effect: a second delivery finds the inbox row and does nothing. */
    public Uni<Void> handle(Event event, EventHandler handler) {
        return attempt(event, handler, 1);
    }

    private Uni<Void> attempt(Event event, EventHandler handler, int attempt) {
        return sessions.withTransaction(session -> firstTime(session, event)
                        .chain(first -> first
                                ? handler.on(event, session).replaceWithVoid()
                                : Uni.createFrom().voidItem()))
                .onFailure()
                .recoverWithUni(failure -> {
                    if (!triesAgain(failure, attempt)) {
                        LOG.errorf(failure, "event %s %s goes to the dead-letter topic", event.type(), event.id());
                        return Uni.createFrom().failure(failure);
                    }
                    LOG.debugf("event %s %s, attempt %d: %s", event.type(), event.id(), attempt, failure);
                    return Uni.createFrom()
                            .voidItem()
                            .onItem()
                            .delayIt()
                            .by(waitAfter(attempt))
                            .chain(() -> attempt(event, handler, attempt + 1));
                });
    }

    private static Uni<Boolean> firstTime(Mutiny.Session session, Event event) {
        return session.createNativeQuery("insert into inbox (source, id) values (?1, ?2) on conflict do nothing")
                .setParameter(1, event.source())
                .setParameter(2, event.id())
                .executeUpdate()
                .map(inserted -> inserted == 1);
    }

    private static boolean triesAgain(Throwable failure, int attempt) {
        if (failure instanceof Poison) {
            return false;
        }
        if (failure instanceof NotYet) {
            return attempt < ATTEMPTS_NOT_YET;
        }
        // an outage of the database or the chain says nothing about the event: wait it out
        return Outage.isOne(failure) || attempt < ATTEMPTS;
    }

    private static Duration waitAfter(int attempt) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(attempt - 1, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static Event decode(Message<byte[]> message) {
        Headers headers = message.getMetadata(IncomingKafkaRecordMetadata.class)
                .orElseThrow(() -> new Poison("not a Kafka record"))
                .getHeaders();
        try {
            return new Event(
                    UUID.fromString(required(headers, "ce_id")),
                    required(headers, "ce_source"),
                    required(headers, "ce_type"),
                    required(headers, "ce_subject"),
                    Instant.parse(required(headers, "ce_time")),
                    new JsonObject(new String(message.getPayload(), StandardCharsets.UTF_8)),
                    value(headers, "ce_traceparent"));
        } catch (DecodeException malformed) {
            // without the parser's own message, which quotes what it could not read
            throw new Poison("the data of a CloudEvent is not a JSON object");
        } catch (IllegalArgumentException | DateTimeParseException malformed) {
            throw new Poison("malformed CloudEvent: " + malformed.getMessage(), malformed);
        }
    }

    private static String required(Headers headers, String name) {
        @Nullable String value = value(headers, name);
        if (value == null) {
            throw new Poison("no " + name + " header");
        }
        return value;
    }

    private static @Nullable String value(Headers headers, String name) {
        @Nullable Header header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
