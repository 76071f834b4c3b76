package city.madang.devstack.kafka;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** Main class of the broker's JVM: formats the storage once, serves, makes the topics, then writes the ready file. */
public final class BrokerProcess {

    private BrokerProcess() {}

    /**
     * Runs until it gets SIGTERM.
     *
     * @param arguments configuration file, ready file, topics joined by commas, partitions of each
     */
    public static void main(String[] arguments) throws Exception {
        var configuration = arguments[0];
        var ready = Path.of(arguments[1]);
        var topics = List.of(arguments[2].split(","));
        var partitions = Integer.parseInt(arguments[3]);

        var properties = new Properties();
        try (var in = new FileInputStream(configuration)) {
            properties.load(in);
        }
        if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
            var code = StorageTool.execute(
                    new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", configuration}, System.out);
            if (code != 0) {
                throw new IOException("the storage could not be formatted");
            }
        }
        var server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.shutdown();
            server.awaitShutdown();
        }));
        server.startup();
        createTopics(properties.getProperty("advertised.listeners").replace("PLAINTEXT://", ""), topics, partitions);
        Files.writeString(ready, "ready");
        server.awaitShutdown();
    }

    private static void createTopics(String bootstrap, List<String> topics, int partitions)
            throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var existing = admin.listTopics().names().get();
            var missing = topics.stream()
                    .filter(topic -> !existing.contains(topic))
                    .map(topic -> new NewTopic(topic, partitions, (short) 1))
                    .collect(Collectors.toList());
            admin.createTopics(missing).all().get();
        }
    }
}
