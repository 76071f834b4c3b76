package city.madang.payment.authorisations;

import city.madang.payment.testing.City;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What the service has told. */
public final class Events {

    private Events() {}

    public record Told(String type, String subject, String data) {}

    public static List<Told> about(String subject) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", City.config("kafka.bootstrap.servers")),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("madang.payment").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Told> told = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(message -> {
                    if (subject.equals(message.key())) {
                        told.add(new Told(
                                new String(
                                        message.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8),
                                message.key(),
                                new String(message.value(), StandardCharsets.UTF_8)));
                    }
                });
            }
            return told;
        }
    }
}
