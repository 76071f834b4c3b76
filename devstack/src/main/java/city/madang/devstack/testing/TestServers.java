package city.madang.devstack.testing;

import city.madang.devstack.ca.DevelopmentCa;
import city.madang.devstack.chain.AnvilChain;
import city.madang.devstack.kafka.KafkaServer;
import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.keycloak.KeycloakServer;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Ports;
import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The servers of this test JVM, each started at most once. Quarkus loads this class anew for each application, so what runs
 * is remembered in system properties. The watchdog stops all and removes the folder when the JVM ends.
 */
final class TestServers {

    /** Origin of all tests; nothing listens there. */
    static final String ORIGIN = "https://localhost:8443";

    private static final String PREFIX = "devstack.test.";
    /** The same object for every class loader of this JVM, which a class is not. */
    private static final Object LOCK = "city.madang.devstack.testing".intern();

    private static @Nullable Watchdog watchdog;

    private TestServers() {}

    /** What can be started. */
    enum Part {
        POSTGRES,
        KAFKA,
        CHAIN,
        KEYCLOAK,
        CA
    }

    /** Starts what does not run yet, side by side. */
    static void start(Set<Part> parts) {
        synchronized (LOCK) {
            var wanted = parts.isEmpty() ? EnumSet.noneOf(Part.class) : EnumSet.copyOf(parts);
            if (wanted.contains(Part.KEYCLOAK)) {
                wanted.add(Part.POSTGRES);
            }
            wanted.removeIf(part -> System.getProperty(PREFIX + part.name()) != null);
            if (wanted.isEmpty()) {
                return;
            }
            var tools = Tools.ofProject();
            var guard = guard();
            base(); // made here: the threads below must not wait for the lock that this one holds
            var postgres = wanted.contains(Part.POSTGRES)
                    ? CompletableFuture.runAsync(() -> startPostgres(tools, guard))
                    : CompletableFuture.<Void>completedFuture(null);
            CompletableFuture.allOf(
                            postgres,
                            run(wanted, Part.KAFKA, () -> startKafka(tools, guard)),
                            run(wanted, Part.CHAIN, () -> startChain(tools, guard)),
                            run(
                                    wanted,
                                    Part.CA,
                                    () -> mark(Part.CA, ca().folder().toString())),
                            postgres.thenRun(() -> {
                                if (wanted.contains(Part.KEYCLOAK)) {
                                    startKeycloak(tools, guard);
                                }
                            }))
                    .join();
        }
    }

    /** Folder of this JVM's servers. */
    static Path base() {
        var known = System.getProperty(PREFIX + "base");
        if (known != null) {
            return Path.of(known);
        }
        synchronized (LOCK) {
            known = System.getProperty(PREFIX + "base");
            if (known != null) {
                return Path.of(known);
            }
            try {
                var created = Files.createTempDirectory("madang-test-");
                guard().removeAtEnd(created);
                System.setProperty(PREFIX + "base", created.toString());
                return created;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static PostgresServer.Database database(String owner) {
        return PostgresServer.database(Integer.parseInt(mark(Part.POSTGRES)), keys(), owner);
    }

    static String kafka() {
        return mark(Part.KAFKA);
    }

    static String chain() {
        return mark(Part.CHAIN);
    }

    static Path chainKeys() {
        return keys().resolve("chain");
    }

    static DevelopmentCa ca() {
        return DevelopmentCa.open(keys().resolve("ca"), InstantSource.system());
    }

    /** Internal address of the realm. */
    static String realmUrl() {
        return mark(Part.KEYCLOAK);
    }

    static DevCredentials credentials() {
        return DevCredentials.open(keys().resolve("dev-credentials.json"));
    }

    private static void startPostgres(Tools tools, Watchdog guard) {
        var settings = new PostgresServer.Settings(base().resolve("postgres"), keys(), log("postgres"), false);
        var server = PostgresServer.start(settings, tools, guard);
        mark(Part.POSTGRES, Integer.toString(server.database("identity").port()));
    }

    private static void startKafka(Tools tools, Watchdog guard) {
        var server = KafkaServer.start(base().resolve("kafka"), log("kafka"), false, tools, guard);
        mark(Part.KAFKA, server.bootstrapServers());
    }

    private static void startChain(Tools tools, Watchdog guard) {
        var chain = AnvilChain.start(base().resolve("chain"), chainKeys(), log("chain"), false, tools, guard);
        mark(Part.CHAIN, chain.rpcUrl().toString());
    }

    private static void startKeycloak(Tools tools, Watchdog guard) {
        var settings = new KeycloakServer.Settings(
                base().resolve("keycloak"),
                log("keycloak"),
                ORIGIN,
                Ports.free(),
                credentials(),
                database("keycloak"),
                true);
        mark(
                Part.KEYCLOAK,
                KeycloakServer.start(settings, tools, guard).realmUrl().toString());
    }

    private static CompletableFuture<Void> run(Set<Part> wanted, Part part, Runnable start) {
        return wanted.contains(part) ? CompletableFuture.runAsync(start) : CompletableFuture.completedFuture(null);
    }

    private static Watchdog guard() {
        synchronized (LOCK) {
            var known = watchdog;
            if (known == null) {
                known = new Watchdog();
                watchdog = known;
            }
            return known;
        }
    }

    private static Path keys() {
        return base().resolve("keys");
    }

    private static Path log(String name) {
        return base().resolve("logs").resolve(name + ".log");
    }

    private static String mark(Part part) {
        var value = System.getProperty(PREFIX + part.name());
        if (value == null) {
            throw new IllegalStateException("this test did not ask DevstackResource for the part " + part);
        }
        return value;
    }

    private static void mark(Part part, String value) {
        System.setProperty(PREFIX + part.name(), value);
    }
}
