package city.madang.bench.payments;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Another service's view of the payment topic: it takes each event once by its id, whatever is delivered again. */
final class EventInbox implements AutoCloseable {

    private static final String TOPIC = "madang.payment";

    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();
    private final AtomicInteger delivered = new AtomicInteger();
    private final Thread reader;

    EventInbox(String bootstrapServers) {
        reader = Thread.ofPlatform().daemon().name("inbox").start(() -> read(bootstrapServers));
    }

    /** How often an event of this type of this subject took effect. */
    int effects(String type, String subject) {
        var count = effects.get(type + " " + subject);
        return count == null ? 0 : count.get();
    }

    /** How many deliveries there were beyond the first of each event. */
    int redelivered() {
        return delivered.get() - taken.size();
    }

    private void read(String bootstrapServers) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "fault-test",
                "auto.offset.reset",
                "earliest",
                "reconnect.backoff.max.ms",
                "500");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            while (!Thread.currentThread().isInterrupted()) {
                consumer.poll(Duration.ofMillis(200)).forEach(this::take);
            }
        } catch (InterruptException closed) {
            // the test is over
        }
    }

    private void take(ConsumerRecord<String, byte[]> event) {
        delivered.incrementAndGet();
        if (taken.add(header(event, "ce_id"))) {
            effects.computeIfAbsent(header(event, "ce_type") + " " + event.key(), none -> new AtomicInteger())
                    .incrementAndGet();
        }
    }

    private static String header(ConsumerRecord<String, byte[]> event, String name) {
        return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        reader.interrupt();
        reader.join();
    }
}
