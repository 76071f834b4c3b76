package city.madang.devstack.stack;

import city.madang.devstack.ca.DevelopmentCa;
import city.madang.devstack.chain.AnvilChain;
import city.madang.devstack.files.Trees;
import city.madang.devstack.kafka.KafkaServer;
import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Await;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The packaged payment service with its own PostgreSQL (fsync on), Kafka and chain, each of which can be killed and started again on
 * its data. Tokens come from a {@link TokenIssuer}. All listen on 127.0.0.1 and are gone after {@link #close}.
 */
public final class PaymentStack implements AutoCloseable {

    private static final String SERVICE = "payment-service";
    private static final Duration READY = Duration.ofMinutes(2);

    private final Watchdog watchdog = new Watchdog();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Folders folders;
    private final TokenIssuer tokens;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final AnvilChain chain;
    private final Child.Plan plan;
    private final URI address;
    private final URI health;
    private volatile Child service;

    /** What can be killed. */
    public enum Server {
        SERVICE,
        POSTGRES,
        KAFKA,
        CHAIN
    }

    /**
     * How to run it.
     *
     * @param state folder for data and logs, removed first
     * @param jvm options of the service's JVM, its configuration as system properties among them
     * @param keepChain whether the chain writes its state to disk, so that it can be started again
     */
    public record Settings(Path state, List<String> jvm, boolean keepChain) {}

    private PaymentStack(Settings settings) throws IOException {
        folders = new Folders(settings.state().toAbsolutePath());
        Trees.delete(folders.data());
        var credentials = DevCredentials.open(folders.credentials());
        var ca = DevelopmentCa.open(folders.keys().resolve("ca"), InstantSource.system());
        var tools = Tools.ofProject();
        var port = Ports.free();
        var origin = "https://localhost:" + port;
        try {
            tokens = keep(new TokenIssuer(origin));
            postgres = keep(PostgresServer.start(folders.postgres(), tools, watchdog));
            kafka = keep(KafkaServer.start(folders.data("kafka"), folders.log("kafka"), false, tools, watchdog));
            chain = keep(AnvilChain.start(
                    folders.data("chain"),
                    folders.keys().resolve("chain"),
                    folders.log("chain"),
                    settings.keepChain(),
                    tools,
                    watchdog));
            var plans = new ServicePlans(tools, folders, origin, port, tokens.port(), settings.jvm());
            plan = plans.service(
                    SERVICE,
                    new ServicePlans.Servers(postgres, kafka.bootstrapServers(), chain.rpcUrl(), chain.keys()),
                    ca,
                    credentials);
            address = plans.address(SERVICE);
            health = plans.health(SERVICE);
            service = Child.start(plan, watchdog);
            running.push(() -> service.close());
            awaitReady();
        } catch (RuntimeException | IOException failed) {
            close();
            throw failed;
        }
    }

    /** Starts all and waits until the service is ready. It must be built. */
    public static PaymentStack start(Settings settings) throws IOException {
        return new PaymentStack(settings);
    }

    /** Where the service listens. */
    public URI service() {
        return address;
    }

    public long servicePid() {
        return service.pid();
    }

    public TokenIssuer tokens() {
        return tokens;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    /** The service's database. */
    public PostgresServer.Database database() {
        return postgres.database("payment");
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public AnvilChain chain() {
        return chain;
    }

    /** SIGKILL to one of them. */
    public void kill(Server server) {
        switch (server) {
            case SERVICE -> service.kill();
            case POSTGRES -> postgres.kill();
            case KAFKA -> kafka.kill();
            case CHAIN -> chain.kill();
        }
    }

    /** Starts it again on what it had on disk. Of the service nobody waits until it is ready: {@link #awaitReady}. */
    public void restart(Server server) {
        switch (server) {
            case SERVICE -> service = Child.start(plan, watchdog);
            case POSTGRES -> postgres.restart();
            case KAFKA -> kafka.restart();
            case CHAIN -> chain.restart();
        }
    }

    /** Waits until the service answers its readiness check; starts it again when it ended by itself meanwhile, as a supervisor would. */
    public void awaitReady() {
        Await.until(
                SERVICE + " to be ready",
                READY,
                () -> {
                    if (!service.isAlive()) {
                        restart(Server.SERVICE);
                    }
                    return Await.answers(health);
                },
                () -> "see " + plan.log());
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception notInOrder) {
                System.err.println("could not stop a server in order: " + notInOrder.getMessage());
            }
        }
        watchdog.dismiss();
    }

    private <T extends AutoCloseable> T keep(T server) {
        running.push(server);
        return server;
    }
}
