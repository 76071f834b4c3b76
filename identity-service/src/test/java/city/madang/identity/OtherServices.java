package city.madang.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plays the records service on the real broker, and hears what identity tells. */
final class OtherServices implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;
    private final List<JsonObject> heard = new ArrayList<>();

    OtherServices(String broker) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker), new StringSerializer(), new StringSerializer());
        Map<String, Object> in = new HashMap<>();
        in.put("bootstrap.servers", broker);
        in.put("group.id", "test-" + UUID.randomUUID());
        in.put("auto.offset.reset", "earliest");
        in.put("metadata.max.age.ms", "500");
        consumer = new KafkaConsumer<>(in, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of("madang.identity"));
    }

    void tell(String type, String subject, JsonObject data) {
        tell(UUID.randomUUID(), type, subject, data);
    }

    void tell(UUID id, String type, String subject, JsonObject data) {
        ProducerRecord<String, String> record = new ProducerRecord<>("madang.records", subject, data.encode());
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id.toString(),
                        "ce_source",
                        "/records-service",
                        "ce_type",
                        type,
                        "ce_subject",
                        subject,
                        "ce_time",
                        Instant.now().toString())
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Waits for an event of this type about this subject. */
    JsonObject hears(String type, String subject) {
        Predicate<JsonObject> wanted = event -> event.getString("type").equals(type)
                && event.getString("subject").equals(subject);
        Instant end = Instant.now().plus(LONGEST_WAIT);
        while (Instant.now().isBefore(end)) {
            var found = heard.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get().getJsonObject("data");
            }
            poll();
        }
        throw new AssertionError("no " + type + " about " + subject + " among " + heard);
    }

    long heardOf(String type, String subject) {
        poll();
        return heard.stream()
                .filter(event -> event.getString("type").equals(type)
                        && event.getString("subject").equals(subject))
                .count();
    }

    /** All that identity has told so far, as text. */
    String everything() {
        return heard.toString();
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(200))
                .forEach(record -> heard.add(new JsonObject()
                        .put(
                                "type",
                                new String(
                                        record.headers().lastHeader("ce_type").value(), UTF_8))
                        .put("subject", record.key())
                        .put("data", new JsonObject(record.value()))));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        consumer.close();
    }
}
