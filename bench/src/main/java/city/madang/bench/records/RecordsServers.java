package city.madang.bench.records;

import city.madang.bench.load.Load;
import city.madang.bench.load.ProcessCost;
import city.madang.bench.servers.Running;
import city.madang.devstack.ca.DevelopmentCa;
import city.madang.devstack.chain.AnvilChain;
import city.madang.devstack.files.Trees;
import city.madang.devstack.kafka.KafkaServer;
import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.keycloak.KeycloakServer;
import city.madang.devstack.keycloak.People;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Await;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.stack.Folders;
import city.madang.devstack.stack.ServicePlans;
import city.madang.devstack.tools.Tools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * PostgreSQL (fsync on), Kafka, Keycloak, a chain, identity-service (which registers the agency) and the packaged records-service with the JVM options of
 * production, in folders of their own on 127.0.0.1. Gone after {@link #close}.
 */
final class RecordsServers implements AutoCloseable {

    static final List<String> SERVICE_JVM = List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC");

    /** The agency whose log is written. */
    static final String AGENCY = "transport";

    private static final String RECORDS = "records-service";
    private static final String IDENTITY = "identity-service";
    private static final String REGISTRAR = "officer.cityhall";
    private static final Duration READY = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Running running = new Running();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Folders folders;
    private final int gatewayPort = Ports.free();
    private final int keycloakPort = Ports.free();
    private final DevCredentials credentials;
    private final Tools tools = Tools.ofProject();
    private final PostgresServer postgres;
    private final Child service;
    private final URI serviceUrl;
    private final URI identityUrl;

    private RecordsServers(Path state, Consumer<String> say) throws IOException {
        folders = new Folders(state);
        Trees.delete(folders.data());
        credentials = DevCredentials.open(folders.credentials());
        var ca = DevelopmentCa.open(folders.keys().resolve("ca"), InstantSource.system());
        var plans = new ServicePlans(tools, folders, origin(), gatewayPort, keycloakPort, SERVICE_JVM);
        try {
            say.accept("starting PostgreSQL, Kafka, the chain and Keycloak …");
            postgres = running.keep(PostgresServer.start(folders.postgres(), tools, running.watchdog()));
            var kafka = running.keep(
                    KafkaServer.start(folders.data("kafka"), folders.log("kafka"), false, tools, running.watchdog()));
            var chainKeys = folders.keys().resolve("chain");
            var chain = running.keep(AnvilChain.start(
                    folders.data("chain"), chainKeys, folders.log("chain"), false, tools, running.watchdog()));
            running.keep(KeycloakServer.start(
                    new KeycloakServer.Settings(
                            folders.data("keycloak"),
                            folders.log("keycloak"),
                            origin(),
                            keycloakPort,
                            credentials,
                            postgres.database("keycloak"),
                            true),
                    tools,
                    running.watchdog()));
            say.accept("starting records-service and identity-service …");
            var around = new ServicePlans.Servers(postgres, kafka.bootstrapServers(), chain.rpcUrl(), chainKeys);
            service = running.keep(Child.start(plans.service(RECORDS, around, ca, credentials), running.watchdog()));
            var identity =
                    running.keep(Child.start(plans.service(IDENTITY, around, ca, credentials), running.watchdog()));
            serviceUrl = plans.address(RECORDS);
            identityUrl = plans.address(IDENTITY);
            service.awaitReady(READY, () -> Await.answers(plans.health(RECORDS)));
            identity.awaitReady(READY, () -> Await.answers(plans.health(IDENTITY)));
            say.accept("registering the agency …");
            register();
        } catch (RuntimeException | IOException failed) {
            close();
            throw failed;
        }
    }

    /** Removes what is left of an earlier run, starts all, and waits until the agency's log is published. */
    static RecordsServers start(Path state, Consumer<String> say) throws IOException {
        return new RecordsServers(state, say);
    }

    private String origin() {
        return "https://localhost:" + gatewayPort;
    }

    Load service(int connections) {
        return new Load(serviceUrl.getPort(), null, connections);
    }

    /** Of records-service itself, without the gateway. */
    URI serviceUri() {
        return URI.create("http://127.0.0.1:" + serviceUrl.getPort());
    }

    PostgresServer.Database database() {
        return postgres.database("records");
    }

    ProcessCost serviceCost() {
        return new ProcessCost(service.pid());
    }

    ProcessCost databaseCost() {
        return new ProcessCost(postgres.child().pid());
    }

    Path root() {
        return tools.root();
    }

    /** An access token of the agency, good for some minutes. */
    String agencyToken() {
        return token(Map.of(
                "grant_type", "client_credentials", "client_id", AGENCY, "client_secret", credentials.client(AGENCY)));
    }

    private String registrarToken() {
        return token(Map.of(
                "grant_type",
                "password",
                "client_id",
                People.TEST_CLIENT,
                "username",
                REGISTRAR,
                "password",
                credentials.user(REGISTRAR)));
    }

    private String token(Map<String, String> form) {
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:%d/auth/realms/madang/protocol/openid-connect/token"
                                        .formatted(keycloakPort)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("X-Forwarded-Proto", "https")
                        .header("X-Forwarded-Host", "localhost")
                        .header("X-Forwarded-Port", Integer.toString(gatewayPort))
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .path("access_token")
                .asText();
    }

    private void register() throws IOException {
        send(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/identity/agencies/%s".formatted(identityUrl.getPort(), AGENCY)))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + registrarToken())
                .PUT(HttpRequest.BodyPublishers.ofString(
                        "{\"name\": {\"ko\": \"교통국\", \"en\": \"Transport Authority\"}}")));
        var log = URI.create("http://127.0.0.1:%d/records/log/%s/checkpoint".formatted(serviceUrl.getPort(), AGENCY));
        try {
            for (var i = 0; i < 600; i++) {
                if (Await.answers(log)) {
                    return;
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
        throw new IllegalStateException("the agency has no log");
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException("a preparation: %d %s".formatted(answer.statusCode(), answer.body()));
            }
            return JSON.readTree(answer.body());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public synchronized void close() {
        http.shutdownNow();
        running.close();
    }

    /** The command that runs a class of the benchmark on the classes of the packaged service. */
    List<String> onServiceClasses(Class<?> main, String... arguments) {
        var app = root().resolve("records-service/target/quarkus-app");
        var classes = List.of(
                root().resolve("bench/target/classes").toString(),
                app.resolve("app") + "/*",
                app.resolve("lib/main") + "/*",
                app.resolve("lib/boot") + "/*");
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(SERVICE_JVM);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classes), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
