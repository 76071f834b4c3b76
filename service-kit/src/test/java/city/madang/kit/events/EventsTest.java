package city.madang.kit.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Promise M1 against a real database and a real broker: told at least once, in effect exactly once, in order. */
@QuarkusTest
class EventsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Inject
    Pool pool;

    @Inject
    Outbox outbox;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Test
    void what_is_rolled_back_is_never_told() {
        String subject = UUID.randomUUID().toString();
        assertThrows(IllegalStateException.class, () -> pool.withTransaction(
                        connection -> outbox.add(connection, List.of(happened(subject, 1)))
                                .chain(() -> Uni.createFrom().failure(new IllegalStateException("change of mind"))))
                .await()
                .atMost(SOON));
        tell(happened(subject, 2));

        awaitEffects(subject, 1);

        assertEquals(List.of(2), steps(subject));
    }

    @Test
    void events_of_one_subject_take_effect_in_order_whoever_writes_beside_them() throws Exception {
        List<String> subjects = IntStream.range(0, 8)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        int each = 60;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> writers = new ArrayList<>();
            for (String subject : subjects) {
                writers.add(() -> {
                    for (int step = 0; step < each; step++) {
                        tell(happened(subject, step));
                    }
                    return null;
                });
            }
            for (var done : threads.invokeAll(writers)) {
                done.get();
            }
        }
        for (String subject : subjects) {
            awaitEffects(subject, each);
            assertEquals(IntStream.range(0, each).boxed().toList(), steps(subject));
        }
    }

    @Test
    void an_event_delivered_again_takes_effect_once() {
        String subject = UUID.randomUUID().toString();
        Event event = happened(subject, 1);
        for (int delivery = 0; delivery < 5; delivery++) {
            deliver(headers(event.id(), "thing.happened", subject), event.data().encode(), subject);
        }
        deliver(
                headers(UUID.randomUUID(), "thing.happened", subject),
                happened(subject, 2).data().encode(),
                subject);

        awaitEffects(subject, 2);

        assertEquals(List.of(1, 2), steps(subject));
    }

    @Test
    void poison_goes_to_the_dead_letter_topic_and_its_neighbours_take_effect() {
        String subject = UUID.randomUUID().toString();
        UUID poison = UUID.randomUUID();
        deliver(
                headers(poison, "thing.happened", subject),
                new JsonObject().put("poison", true).encode(),
                subject);
        deliver(headers(UUID.randomUUID(), "thing.happened", subject), "{not json", subject);
        deliver(Map.of("ce_id", "no uuid"), "{}", subject);
        deliver(headers(UUID.randomUUID(), "never.heard.of", subject), "{}", subject);
        deliver(
                headers(UUID.randomUUID(), "thing.happened", subject),
                happened(subject, 7).data().encode(),
                subject);

        awaitEffects(subject, 1);

        assertEquals(List.of(7), steps(subject));
        List<ConsumerRecord<String, String>> dead = deadLetters(subject, 3);
        assertEquals(3, dead.size());
        assertTrue(dead.stream().anyMatch(letter -> new String(
                        letter.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8)
                .equals(poison.toString())));
    }

    @Test
    void an_event_that_waits_for_its_forerunner_holds_up_only_its_own_subject() {
        String waits = UUID.randomUUID().toString();
        String goesOn = UUID.randomUUID().toString();
        deliver(
                headers(UUID.randomUUID(), "thing.happened", waits),
                new JsonObject().put("early", true).encode(),
                waits);
        deliver(
                headers(UUID.randomUUID(), "thing.happened", waits),
                happened(waits, 1).data().encode(),
                waits);
        for (int step = 0; step < 40; step++) {
            deliver(
                    headers(UUID.randomUUID(), "thing.happened", goesOn),
                    happened(goesOn, step).data().encode(),
                    goesOn);
        }

        awaitEffects(goesOn, 40);

        assertEquals(IntStream.range(0, 40).boxed().toList(), steps(goesOn));
        assertEquals(List.of(), steps(waits));
    }

    private static Event happened(String subject, int step) {
        return Event.now("thing.happened", subject, new JsonObject().put("step", step));
    }

    private void tell(Event event) {
        pool.withTransaction(connection -> outbox.add(connection, List.of(event)))
                .await()
                .atMost(SOON);
    }

    private static Map<String, String> headers(UUID id, String type, String subject) {
        return Map.of(
                "ce_specversion",
                "1.0",
                "ce_id",
                id.toString(),
                "ce_source",
                "/elsewhere",
                "ce_type",
                type,
                "ce_subject",
                subject,
                "ce_time",
                Instant.now().toString());
    }

    private void deliver(Map<String, String> headers, String data, String key) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> letter =
                    new ProducerRecord<>("madang.kit", key, data.getBytes(StandardCharsets.UTF_8));
            headers.forEach((name, value) -> letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(letter);
        }
    }

    private List<ConsumerRecord<String, String>> deadLetters(String key, int expected) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka);
        settings.put("group.id", UUID.randomUUID().toString());
        settings.put("auto.offset.reset", "earliest");
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(Collections.singleton("madang.dead-letter.kit-test"));
            Instant deadline = Instant.now().plus(SOON);
            while (found.size() < expected && Instant.now().isBefore(deadline)) {
                consumer.poll(Duration.ofMillis(200)).forEach(letter -> {
                    if (key.equals(letter.key())) {
                        found.add(letter);
                    }
                });
            }
        }
        return found;
    }

    private void awaitEffects(String subject, int count) {
        Instant deadline = Instant.now().plus(SOON);
        while (steps(subject).size() < count && Instant.now().isBefore(deadline)) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }
    }

    private List<Integer> steps(String subject) {
        List<Integer> steps = new ArrayList<>();
        pool.preparedQuery("select step from effect where subject = $1 order by noted")
                .execute(Tuple.of(subject))
                .await()
                .atMost(SOON)
                .forEach(row -> steps.add(row.getInteger(0)));
        return steps;
    }
}
