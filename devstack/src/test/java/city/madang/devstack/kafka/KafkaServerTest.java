package city.madang.devstack.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerTest {

    @TempDir
    Path folder;

    private final Watchdog watchdog = new Watchdog();

    @Test
    void events_survive_kill_and_restart() throws Exception {
        int partition;
        try (var server = start()) {
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", server.bootstrapServers(), "acks", "all"),
                    new StringSerializer(),
                    new StringSerializer())) {
                partition = producer.send(new ProducerRecord<>("madang.records", "key", "kept"))
                        .get()
                        .partition();
            }
            server.child().kill();
        }

        try (var server = start();
                var admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
                var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", server.bootstrapServers(), "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            var topics =
                    admin.describeTopics(KafkaServer.TOPICS).allTopicNames().get();
            topics.values().forEach(topic -> assertEquals(3, topic.partitions().size()));

            consumer.assign(List.of(new TopicPartition("madang.records", partition)));
            var records = consumer.poll(Duration.ofSeconds(20));
            assertEquals(1, records.count());
            assertEquals("kept", records.iterator().next().value());
        }
    }

    private KafkaServer start() {
        return KafkaServer.start(
                folder.resolve("kafka"), folder.resolve("kafka.log"), true, Tools.ofProject(), watchdog);
    }
}
