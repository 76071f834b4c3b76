package city.madang.devstack.stack;

import city.madang.devstack.ca.DevelopmentCa;
import city.madang.devstack.chain.AnvilChain;
import city.madang.devstack.files.Trees;
import city.madang.devstack.kafka.KafkaServer;
import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.keycloak.KeycloakServer;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The running suite. {@link #start} returns when everything is ready; {@link #close} stops all in order. When this JVM dies
 * without closing it, the watchdog stops all.
 */
public final class Stack implements AutoCloseable {

    private final StackOptions options;
    private final Folders folders;
    private final Tools tools;
    private final StateLock lock;
    private final Watchdog watchdog = new Watchdog();
    private final long startedAt = System.nanoTime();
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    /** Servers in the order in which they became ready; they stop the other way round. */
    private final Deque<AutoCloseable> servers = new ArrayDeque<>();

    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final CompletableFuture<URI> chainNode = new CompletableFuture<>();
    private final CompletableFuture<String> bootstrapServers = new CompletableFuture<>();
    private final CompletableFuture<PostgresServer> database = new CompletableFuture<>();
    private final int port;
    private final int keycloakPort = Ports.free();
    private final int agencyPort = Ports.free();
    private final DevCredentials credentials;
    private final DevelopmentCa ca;
    private volatile boolean closing;

    private Stack(StackOptions options, Tools tools, StateLock lock) throws IOException {
        this.options = options;
        this.tools = tools;
        this.lock = lock;
        folders = new Folders(options.state().toAbsolutePath());
        if (options.fresh()) {
            Trees.delete(folders.data());
        }
        port = OriginPort.choose(folders.port(), options.port());
        lock.note(watchdog);
        rotateLogs();
        credentials = DevCredentials.open(folders.credentials());
        ca = DevelopmentCa.open(folders.keys().resolve("ca"), InstantSource.system());
    }

    /**
     * Starts everything. The services must be built.
     *
     * @throws IllegalStateException when a stack is already running on the state folder, or a part does not get ready; then
     *     nothing is left running
     */
    public static Stack start(StackOptions options) throws IOException {
        return start(options, stack -> {});
    }

    /** The same; the stack is handed out before its parts start, so that it can be stopped meanwhile. */
    static Stack start(StackOptions options, Consumer<Stack> begun) throws IOException {
        var lock = StateLock.take(options.state().toAbsolutePath());
        Stack stack;
        try {
            stack = new Stack(options, Tools.ofProject(), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        begun.accept(stack);
        try {
            stack.startAll();
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    /** Public origin, no trailing slash. */
    public URI origin() {
        return URI.create("https://localhost:" + port);
    }

    /** The gateway's entry for systems of agencies, by mutual TLS with certificates of {@link DevelopmentCa#agencySystem}. */
    public URI agencyEntry() {
        return URI.create("https://localhost:" + agencyPort);
    }

    /** Certificates of the development stack. */
    public DevelopmentCa ca() {
        return ca;
    }

    /** PEM file of the root certificate behind the origin's TLS and the agencies' certificates. */
    public Path rootCertificate() {
        return ca.root();
    }

    /** Passwords and client secrets. */
    public DevCredentials credentials() {
        return credentials;
    }

    /** A service by name: {@code identity-service}, {@code payment-service}, {@code records-service}, {@code gateway}. */
    public Service service(String name) {
        var service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("no service " + name + "; there are " + services.keySet());
        }
        return service;
    }

    /** Stops Keycloak, as an outage would, until {@link #startKeycloak}. */
    public void stopKeycloak() {
        KeycloakServer server;
        synchronized (servers) {
            server = servers.stream()
                    .filter(KeycloakServer.class::isInstance)
                    .map(KeycloakServer.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("Keycloak does not run"));
            servers.remove(server);
        }
        server.close();
    }

    /** Starts Keycloak where it was, and waits until it serves the realm. */
    public void startKeycloak() {
        keycloak(database.join());
    }

    /** Keycloak's administration console, which the gateway does not show. */
    public URI keycloakAdmin() {
        return URI.create("http://127.0.0.1:%d/auth/admin/".formatted(keycloakPort));
    }

    /** JSON-RPC of the chain's node, for whoever checks anchors without asking the city. */
    public URI chainNode() {
        return chainNode.join();
    }

    /** A service's own database, e.g. {@code identity}, for whoever checks what is kept in it. */
    public PostgresServer.Database database(String owner) {
        return database.join().database(owner);
    }

    /** Bootstrap servers of the broker, for whoever reads events beside the services. */
    public String broker() {
        return bootstrapServers.join();
    }

    /** Folder with a wallet provider's key and chain that the identity service trusts. */
    public Path walletProvider() {
        return folders.keys().resolve("ca");
    }

    /** Folder of the log files. */
    public Path logs() {
        return folders.logs();
    }

    /** Completes with a sentence when a server dies that is not started again: the stack is of no use then. */
    public CompletableFuture<String> failure() {
        return failure;
    }

    /** Seconds since the start began. */
    public double elapsedSeconds() {
        return (System.nanoTime() - startedAt) / 1e9;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            services.values().forEach(service -> executor.execute(service::close));
        }
        List<AutoCloseable> last;
        synchronized (servers) {
            last = new ArrayList<>(servers);
        }
        for (var server : last.reversed()) {
            try {
                server.close();
            } catch (Exception e) {
                options.progress().accept("could not stop a server in order: " + e.getMessage());
            }
        }
        watchdog.dismiss();
        lock.close();
    }

    private void startAll() {
        var plans = new ServicePlans(tools, folders, origin().toString(), port, keycloakPort, ServicePlans.SMALL_JVM);
        plans.requireBuilt();
        // not closed here: after a failure nobody should wait for parts that can no longer get ready
        var executor = Executors.newVirtualThreadPerTaskExecutor();
        var postgres = begin(executor, "PostgreSQL", this::postgres);
        var kafka = begin(executor, "Kafka", this::kafka);
        var chain = begin(executor, "chain", this::chain);
        var all = new ArrayList<CompletableFuture<?>>(List.of(postgres, kafka, chain));
        all.add(postgres.thenCompose(ready -> begin(executor, "Keycloak", () -> keycloak(ready))));
        all.add(begin(executor, ServicePlans.GATEWAY, () -> service(plans, gateway(plans))));
        var ready = CompletableFuture.allOf(postgres, kafka, chain)
                .thenApply(done -> new ServicePlans.Servers(
                        postgres.join(),
                        kafka.join().bootstrapServers(),
                        chain.join().rpcUrl(),
                        chain.join().keys()));
        for (var name : ServicePlans.SERVICES) {
            all.add(ready.thenCompose(servers -> begin(
                    executor,
                    name,
                    () -> service(
                            plans,
                            unchecked(() -> plans.service(name, servers, ca, credentials, options.settings(name)))))));
        }
        var finished = new CompletableFuture<@Nullable Void>();
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).thenRun(() -> finished.complete(null));
        all.forEach(part -> part.whenComplete((value, problem) -> {
            if (problem != null) {
                finished.completeExceptionally(problem);
            }
        }));
        try {
            finished.join();
        } catch (CompletionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(cause.getMessage(), cause);
        }
    }

    private Child.Plan gateway(ServicePlans plans) {
        var settings = new HashMap<>(options.settings(ServicePlans.GATEWAY));
        settings.put("madang.gateway.agencies.port", Integer.toString(agencyPort));
        settings.put(
                "madang.gateway.agencies.authorities", ca.agencyCertificate().toString());
        return plans.gateway(ca, options.upstreams(), settings);
    }

    private PostgresServer postgres() {
        var server = PostgresServer.start(folders.postgres(), tools, watchdog);
        database.complete(server);
        return keep("PostgreSQL", server, server.child());
    }

    private KafkaServer kafka() {
        var server = KafkaServer.start(folders.data("kafka"), folders.log("kafka"), true, tools, watchdog);
        bootstrapServers.complete(server.bootstrapServers());
        return keep("Kafka", server, server.child());
    }

    private AnvilChain chain() {
        var keys = folders.keys().resolve("chain");
        var chain = AnvilChain.start(folders.data("chain"), keys, folders.log("chain"), true, tools, watchdog);
        chainNode.complete(chain.rpcUrl());
        unchecked(() -> Files.writeString(folders.chainNode(), chain.rpcUrl() + "\n"));
        return keep("chain", chain, chain.child());
    }

    private KeycloakServer keycloak(PostgresServer postgres) {
        var settings = new KeycloakServer.Settings(
                folders.data("keycloak"),
                folders.log("keycloak"),
                origin().toString(),
                keycloakPort,
                credentials,
                postgres.database("keycloak"),
                false);
        var server = KeycloakServer.start(settings, tools, watchdog);
        return keep("Keycloak", server, server.child());
    }

    private Service service(ServicePlans plans, Child.Plan plan) {
        var address = plan.name().equals(ServicePlans.GATEWAY) ? origin() : plans.address(plan.name());
        var service = new Service(plan, address, plans.health(plan.name()), watchdog, options.progress());
        services.put(plan.name(), service);
        if (closing) {
            throw new IllegalStateException("the stack is stopping");
        }
        service.start();
        return service;
    }

    private <T extends AutoCloseable> T keep(String name, T server, Child child) {
        synchronized (servers) {
            servers.add(server);
        }
        if (closing) {
            child.close();
        }
        var unused = child.exit().thenAccept(code -> {
            if (!closing && isKept(server)) {
                failure.complete("%s ended unexpectedly (code %d); log: %s".formatted(name, code, child.log()));
            }
        });
        return server;
    }

    /** Whether it is to run: what is stopped on purpose is taken out first. */
    private boolean isKept(AutoCloseable server) {
        synchronized (servers) {
            return servers.contains(server);
        }
    }

    private <T> CompletableFuture<T> begin(ExecutorService executor, String name, Supplier<T> start) {
        return CompletableFuture.supplyAsync(
                () -> {
                    var started = start.get();
                    options.progress().accept("%6.1f s  %s is ready".formatted(elapsedSeconds(), name));
                    return started;
                },
                executor);
    }

    /** Logs of the run before stay until the next start, as {@code <name>.log.1}. */
    private void rotateLogs() throws IOException {
        Files.createDirectories(folders.logs());
        try (var logs = Files.newDirectoryStream(folders.logs(), "*.log")) {
            for (var log : logs) {
                if (!log.getFileName().toString().equals("build.log")) {
                    Files.move(
                            log,
                            log.resolveSibling(log.getFileName() + ".1"),
                            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private interface Risky<T> {
        T get() throws IOException;
    }

    private static <T> T unchecked(Risky<T> risky) {
        try {
            return risky.get();
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
