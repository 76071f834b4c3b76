package city.madang.devstack.kafka;

import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A running broker with the suite's topics. */
public final class KafkaServer implements AutoCloseable {

    /** Topics of the suite; others (dead letters) are created when first used. */
    public static final List<String> TOPICS = List.of("madang.identity", "madang.payment", "madang.records");

    public static final int PARTITIONS = 3;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Child.Plan plan;
    private final Path ready;
    private final Watchdog watchdog;
    private final int port;
    private volatile Child child;

    private KafkaServer(Child.Plan plan, Path ready, Watchdog watchdog, Child child, int port) {
        this.plan = plan;
        this.ready = ready;
        this.watchdog = watchdog;
        this.child = child;
        this.port = port;
    }

    /**
     * Starts the broker; formats the folder when it is new.
     *
     * @param keep whether the data outlives this run, so that it stops in order
     */
    public static KafkaServer start(Path data, Path log, boolean keep, Tools tools, Watchdog watchdog) {
        try {
            Files.createDirectories(data);
            var port = Ports.free();
            var configuration = data.resolve("server.properties");
            Files.writeString(configuration, configuration(data.resolve("log"), port, Ports.free()));
            var logging = data.resolve("logging.properties");
            Files.writeString(logging, LOGGING);
            var ready = data.resolve("ready");
            Files.deleteIfExists(ready);
            var command = List.of(
                    Tools.java(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xshare:auto",
                    "-Djava.util.logging.config.file=" + logging,
                    "-cp",
                    tools.classPath(),
                    BrokerProcess.class.getName(),
                    configuration.toString(),
                    ready.toString(),
                    String.join(",", TOPICS),
                    Integer.toString(PARTITIONS));
            var plan = new Child.Plan("Kafka", command, Map.of(), data, log, keep ? "TERM" : "KILL", STOP_LIMIT);
            var child = Child.start(plan, watchdog);
            child.awaitReady(START_LIMIT, () -> Files.exists(ready));
            return new KafkaServer(plan, ready, watchdog, child, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code host:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public Child child() {
        return child;
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        child.kill();
    }

    /** Starts it again on its data and its port after {@link #kill}; returns when it is ready. */
    public void restart() {
        try {
            Files.deleteIfExists(ready);
            child = Child.start(plan, watchdog);
            child.awaitReady(START_LIMIT, () -> Files.exists(ready));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        child.close();
    }

    private static final String LOGGING =
            """
            handlers=java.util.logging.ConsoleHandler
            .level=WARNING
            java.util.logging.SimpleFormatter.format=%1$tFT%1$tT %4$s %3$s %5$s%6$s%n
            """;

    private static String configuration(Path folder, int port, int controllerPort) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                inter.broker.listener.name=PLAINTEXT
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%3$s
                num.partitions=1
                num.network.threads=2
                num.io.threads=4
                auto.create.topics.enable=true
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                group.initial.rebalance.delay.ms=0
                log.cleaner.dedupe.buffer.size=2097152
                log.cleaner.threads=1
                """
                .formatted(port, controllerPort, folder);
    }
}
