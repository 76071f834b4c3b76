package city.madang.devstack.keycloak;

import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Await;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Secrets;
import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A running Keycloak that serves the realm {@code madang} under {@code /auth}, and calls itself by the public origin. */
public final class KeycloakServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final List<String> SHARED = List.of("lib", "providers", "themes", "conf");

    /** Little memory and a short start. */
    private static final List<String> SMALL =
            List.of("-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Child child;
    private final int port;

    private KeycloakServer(Child child, int port) {
        this.child = child;
        this.port = port;
    }

    /**
     * How to run it.
     *
     * @param home folder of this instance
     * @param origin public origin, no trailing slash
     * @param port internal port, on 127.0.0.1
     * @param forTests a realm that exchanges passwords for tokens, whose data is thrown away
     * @param features of Keycloak besides those that the city needs
     * @param jvm options of its JVM that decide on memory and speed
     */
    public record Settings(
            Path home,
            Path log,
            String origin,
            int port,
            DevCredentials credentials,
            PostgresServer.Database database,
            boolean forTests,
            List<String> features,
            List<String> jvm) {

        /** As the city uses it, small. */
        public Settings(
                Path home,
                Path log,
                String origin,
                int port,
                DevCredentials credentials,
                PostgresServer.Database database,
                boolean forTests) {
            this(home, log, origin, port, credentials, database, forTests, List.of(), SMALL);
        }
    }

    /** Starts it and waits until the realm is served; the realm is imported when it is missing. */
    public static KeycloakServer start(Settings settings, Tools tools, Watchdog watchdog) {
        try {
            var home = settings.home().toAbsolutePath();
            prepareHome(home, tools.keycloak(settings.features()));
            var realm = home.resolve("data/import/madang-realm.json");
            var representation = Realm.representation(settings.credentials(), settings.origin(), settings.forTests());
            Secrets.write(realm, JSON.writeValueAsString(representation));
            var port = settings.port();
            var child = Child.start(
                    new Child.Plan(
                            "Keycloak",
                            command(home, settings, port),
                            environment(settings),
                            home,
                            settings.log(),
                            settings.forTests() ? "KILL" : "TERM",
                            STOP_LIMIT),
                    watchdog);
            var server = new KeycloakServer(child, port);
            child.awaitReady(START_LIMIT, () -> Await.answers(server.realmUrl()));
            Files.delete(realm);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Address without the realm, for the gateway: {@code http://127.0.0.1:<port>}. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Internal address of the realm. */
    public URI realmUrl() {
        return URI.create("http://127.0.0.1:%d/auth/realms/%s".formatted(port, Realm.NAME));
    }

    public Child child() {
        return child;
    }

    @Override
    public void close() {
        child.close();
    }

    /** A home of its own for each instance, since Keycloak writes below it; the program itself is linked. */
    private static void prepareHome(Path home, Path installed) throws IOException {
        Files.createDirectories(home.resolve("data/import"));
        for (var name : SHARED) {
            var link = home.resolve(name);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, installed.resolve(name));
        }
    }

    private static List<String> command(Path home, Settings settings, int port) {
        var command = new ArrayList<String>();
        command.add(Tools.java());
        command.addAll(settings.jvm());
        command.addAll(List.of(
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Dfile.encoding=UTF-8",
                "-Dkc.home.dir=" + home,
                "-Djboss.server.config.dir=" + home.resolve("conf"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dpicocli.disable.closures=true",
                "-cp",
                home.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                "start",
                "--optimized",
                "--import-realm",
                "--cache=local",
                "--hostname=" + settings.origin() + "/auth",
                // the gateway shows no administration, so the console lives at the internal address
                "--hostname-admin=http://127.0.0.1:" + port + "/auth",
                "--hostname-backchannel-dynamic=true",
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--proxy-headers=xforwarded"));
        return command;
    }

    private static Map<String, String> environment(Settings settings) {
        return Map.of(
                "KC_DB_URL", settings.database().jdbcUrl(),
                "KC_DB_USERNAME", settings.database().user(),
                "KC_DB_PASSWORD", settings.database().password(),
                "KC_BOOTSTRAP_ADMIN_USERNAME", DevCredentials.ADMIN,
                "KC_BOOTSTRAP_ADMIN_PASSWORD", settings.credentials().admin());
    }
}
