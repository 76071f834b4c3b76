package city.madang.journey;

import city.madang.devstack.stack.Stack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The events of the identity service, read by an outsider of its topic from the beginning. */
final class Events {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String TOPIC = "madang.identity";

    private Events() {}

    /** Ids of the events {@code credential.issued}, by their subject. One that was told again has the same id. */
    static Map<String, Set<String>> issued(Stack stack) {
        Map<String, Set<String>> ids = new HashMap<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", stack.broker());
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(PATIENCE)) {
                    if (header(each, "ce_type").equals("credential.issued")) {
                        ids.computeIfAbsent(header(each, "ce_subject"), first -> new HashSet<>())
                                .add(header(each, "ce_id"));
                    }
                }
            }
        }
        return ids;
    }

    private static String header(ConsumerRecord<byte[], byte[]> event, String name) {
        var header = event.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
