package city.madang.bench.identity;

import city.madang.bench.load.Load;
import city.madang.bench.load.ProcessCost;
import city.madang.bench.servers.Running;
import city.madang.devstack.ca.DevelopmentCa;
import city.madang.devstack.ca.Trust;
import city.madang.devstack.files.Trees;
import city.madang.devstack.kafka.KafkaServer;
import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.keycloak.KeycloakServer;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Await;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.stack.Folders;
import city.madang.devstack.stack.ServicePlans;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * PostgreSQL (fsync on), Kafka, Keycloak with its {@code oid4vc-vci} feature, the packaged identity-service and the gateway, in
 * folders of their own, with the JVM options of production. All listen on 127.0.0.1 and are gone after {@link #close}.
 */
final class Servers implements AutoCloseable {

    /** What a container with two cores and 1 GiB of heap comes to by itself, with the cheapest collector for such a heap. */
    static final List<String> SERVICE_JVM = List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC");

    /** As {@code bin/kc.sh} starts it where it is not told otherwise. */
    static final List<String> KEYCLOAK_JVM = List.of("-Xms64m", "-Xmx512m", "-XX:MetaspaceSize=96M", "-XX:+UseG1GC");

    static final List<String> KEYCLOAK_FEATURES = List.of("oid4vc-vci");

    private static final String SERVICE = "identity-service";
    private static final String GATEWAY = "gateway";

    /** All load comes from one address. */
    private static final Map<String, String> UNLIMITED = Map.of(
            "madang.gateway.routes.identity.limits.caller-per-second", "1000000",
            "madang.gateway.routes.identity.limits.caller-burst", "1000000",
            "madang.gateway.routes.identity.limits.agency-per-second", "1000000",
            "madang.gateway.routes.identity.limits.agency-burst", "1000000",
            "madang.gateway.routes.identity.limits.route-per-second", "1000000",
            "madang.gateway.routes.identity.limits.route-burst", "1000000");

    private static final Duration READY = Duration.ofMinutes(3);

    private final Running running = new Running();
    private final Folders folders;
    private final int gatewayPort = Ports.free();
    private final int keycloakPort = Ports.free();
    private final DevelopmentCa ca;
    private final DevCredentials credentials;
    private final PostgresServer postgres;
    private final KeycloakServer keycloak;
    private final Child service;
    private final URI serviceUrl;

    private Servers(Path state, Consumer<String> say) throws IOException {
        folders = new Folders(state);
        Trees.delete(folders.data());
        credentials = DevCredentials.open(folders.credentials());
        ca = DevelopmentCa.open(folders.keys().resolve("ca"), InstantSource.system());
        var tools = Tools.ofProject();
        var plans = new ServicePlans(tools, folders, origin(), gatewayPort, keycloakPort, SERVICE_JVM);
        try {
            say.accept("starting PostgreSQL and Kafka …");
            postgres = running.keep(PostgresServer.start(folders.postgres(), tools, running.watchdog()));
            var kafka = running.keep(
                    KafkaServer.start(folders.data("kafka"), folders.log("kafka"), false, tools, running.watchdog()));
            say.accept("starting Keycloak, identity-service and the gateway …");
            var beside = CompletableFuture.supplyAsync(() -> KeycloakServer.start(
                    new KeycloakServer.Settings(
                            folders.data("keycloak"),
                            folders.log("keycloak"),
                            origin(),
                            keycloakPort,
                            credentials,
                            postgres.database("keycloak"),
                            true,
                            KEYCLOAK_FEATURES,
                            KEYCLOAK_JVM),
                    tools,
                    running.watchdog()));
            service = running.keep(Child.start(
                    plans.service(
                            SERVICE,
                            new ServicePlans.Servers(
                                    postgres, kafka.bootstrapServers(), URI.create("http://127.0.0.1:1"), state),
                            ca,
                            credentials),
                    running.watchdog()));
            var gateway = running.keep(Child.start(plans.gateway(ca, Map.of(), UNLIMITED), running.watchdog()));
            keycloak = running.keep(beside.join());
            serviceUrl = plans.address(SERVICE);
            service.awaitReady(READY, () -> Await.answers(plans.health(SERVICE)));
            gateway.awaitReady(READY, () -> Await.answers(plans.health(GATEWAY)));
        } catch (RuntimeException | IOException failed) {
            close();
            throw failed;
        }
    }

    /** Removes what is left of an earlier run, starts all, and waits until all are ready. */
    static Servers start(Path state, Consumer<String> say) throws IOException {
        return new Servers(state, say);
    }

    /** The public origin, as the services name themselves. */
    String origin() {
        return "https://localhost:" + gatewayPort;
    }

    DevCredentials credentials() {
        return credentials;
    }

    PostgresServer.Database database(String owner) {
        return postgres.database(owner);
    }

    Load service(int connections) {
        return new Load(serviceUrl.getPort(), null, connections);
    }

    Load gateway(int connections) {
        return new Load(gatewayPort, Trust.only(ca.root()), connections);
    }

    Load keycloak(int connections) {
        return new Load(keycloakPort, null, connections);
    }

    ProcessCost serviceCost() {
        return new ProcessCost(service.pid());
    }

    ProcessCost keycloakCost() {
        return new ProcessCost(keycloak.child().pid());
    }

    ProcessCost databaseCost() {
        return new ProcessCost(postgres.child().pid());
    }

    @Override
    public synchronized void close() {
        running.close();
    }
}
