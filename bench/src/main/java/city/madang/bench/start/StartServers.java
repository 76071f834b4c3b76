package city.madang.bench.start;

import city.madang.bench.load.Load;
import city.madang.bench.load.ProcessCost;
import city.madang.bench.servers.Running;
import city.madang.devstack.ca.DevelopmentCa;
import city.madang.devstack.ca.Trust;
import city.madang.devstack.chain.AnvilChain;
import city.madang.devstack.files.Trees;
import city.madang.devstack.kafka.KafkaServer;
import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.stack.Folders;
import city.madang.devstack.stack.ServicePlans;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** PostgreSQL, Kafka and a chain, on which one process of the suite at a time is started; Keycloak is not needed for that. */
final class StartServers implements AutoCloseable {

    /** Half a GiB of heap, as the chart's shares of memory come to, and the collector that Java chooses in so small a container. */
    static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseSerialGC");

    static final String GATEWAY = "gateway";

    /** What is read of each under load: public, and nothing that needs a token. */
    private static final Map<String, String> PAGES = Map.of(
            "identity-service",
            "/.well-known/openid-credential-issuer/identity",
            "payment-service",
            "/payment/jwks",
            "records-service",
            "/records/services",
            GATEWAY,
            "/");

    private static final int CONNECTIONS = 8;

    /** All load comes from one address. */
    private static final Map<String, String> UNLIMITED = Map.of(
            "madang.gateway.pages.caller-per-second", "1000000",
            "madang.gateway.pages.caller-burst", "1000000",
            "madang.gateway.pages.route-per-second", "1000000",
            "madang.gateway.pages.route-burst", "1000000");

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int CONNECT_MILLIS = 500;
    private static final int READ_MILLIS = 10_000;

    private final Running running = new Running();
    private final Folders folders;
    private final Tools tools = Tools.ofProject();
    private final int gatewayPort = Ports.free();
    private final DevCredentials credentials;
    private final DevelopmentCa ca;
    private final ServicePlans plans;
    private final ServicePlans.Servers servers;

    private StartServers(Path state) throws IOException {
        folders = new Folders(state);
        Trees.delete(state);
        credentials = DevCredentials.open(folders.credentials());
        ca = DevelopmentCa.open(folders.keys().resolve("ca"), InstantSource.system());
        plans = new ServicePlans(tools, folders, "https://localhost:" + gatewayPort, gatewayPort, Ports.free(), JVM);
        try {
            var postgres = running.keep(PostgresServer.start(folders.postgres(), tools, running.watchdog()));
            var kafka = running.keep(
                    KafkaServer.start(folders.data("kafka"), folders.log("kafka"), false, tools, running.watchdog()));
            var chain = running.keep(AnvilChain.start(
                    folders.data("chain"),
                    folders.keys().resolve("chain"),
                    folders.log("chain"),
                    false,
                    tools,
                    running.watchdog()));
            servers = new ServicePlans.Servers(postgres, kafka.bootstrapServers(), chain.rpcUrl(), chain.keys());
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    static StartServers start(Path state, Consumer<String> say) throws IOException {
        say.accept("starting PostgreSQL, Kafka and a chain …");
        return new StartServers(state);
    }

    /**
     * Copies a packaged process with the times of its files, by which a cache knows them, and makes its cache as {@code
     * k8s/images/Dockerfile.jvm} does.
     *
     * @return bytes of the cache
     */
    long prepare(String service) throws IOException, InterruptedException {
        var from = tools.root().resolve(service).resolve("target/quarkus-app");
        var to = application(service);
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        var command = new ArrayList<>(plan(service, Way.JVM).command());
        command.removeAll(JVM);
        command.addAll(1, List.of("-XX:AOTCacheOutput=app.aot"));
        command.add(command.indexOf("-jar"), "-Dquarkus.appcds.generate=true");
        var log = folders.log(service + "-cache");
        Files.createDirectories(log.toAbsolutePath().getParent());
        // it ends by itself, with code 1, before anything of the service is started
        new ProcessBuilder(command)
                .directory(to.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        var cache = to.resolve("app.aot");
        if (!Files.exists(cache)) {
            throw new IllegalStateException("no cache was made for %s: see %s".formatted(service, log));
        }
        return Files.size(cache);
    }

    /** Starts it, measures, sends the load, and stops it. */
    Start measure(String service, Way way, int requests) throws IOException {
        var began = System.nanoTime();
        try (var child = Child.start(plan(service, way), running.watchdog())) {
            var health = plans.health(service).toURL();
            while (!answers((HttpURLConnection) health.openConnection())) {
                if (!child.isAlive() || System.nanoTime() - began > LIMIT.toNanos()) {
                    throw new IllegalStateException("%s did not get ready: see %s".formatted(service, child.log()));
                }
                pause();
            }
            var ready = System.nanoTime() - began;
            var cost = new ProcessCost(child.pid());
            var cpu = cost.cpuNanos();
            var resident = cost.residentBytes();
            load(service, requests);
            return new Start(ready / 1e6, cpu / 1e6, resident, cost.residentBytes());
        }
    }

    private void load(String service, int requests) {
        var gateway = service.equals(GATEWAY);
        var port = gateway ? gatewayPort : plans.address(service).getPort();
        var page = PAGES.get(service);
        var request = "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAccept: */*\r\n\r\n"
                .formatted(page, port)
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var unused = new Load(port, gateway ? Trust.only(ca.root()) : null, CONNECTIONS)
                .send(Collections.nCopies(requests, List.of(request)));
    }

    private Child.Plan plan(String service, Way way) throws IOException {
        var plan = service.equals(GATEWAY)
                ? plans.gateway(ca, Map.of(), UNLIMITED)
                : plans.service(service, servers, ca, credentials);
        var command = new ArrayList<>(plan.command());
        command.set(command.size() - 1, "quarkus-run.jar");
        command.addAll(1, way.options());
        return new Child.Plan(
                plan.name(),
                List.copyOf(command),
                plan.environment(),
                application(service),
                plan.log(),
                plan.stopSignal(),
                plan.stopWait());
    }

    private Path application(String service) {
        return folders.data("applications").resolve(service);
    }

    private static boolean answers(HttpURLConnection connection) {
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        } finally {
            connection.disconnect();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public void close() {
        running.close();
    }
}
