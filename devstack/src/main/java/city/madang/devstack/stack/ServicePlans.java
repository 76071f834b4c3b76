package city.madang.devstack.stack;

import city.madang.devstack.ca.DevelopmentCa;
import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.keycloak.People;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How each service of the suite is run: its command and, as environment variables, the configuration of {@code
 * docs/interfaces.md}.
 */
public final class ServicePlans {

    static final List<String> SERVICES = List.of("identity-service", "payment-service", "records-service");
    static final String GATEWAY = "gateway";

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    /** Little memory and a short start, for a developer's machine. */
    static final List<String> SMALL_JVM = List.of("-Xms32m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final List<String> JVM = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8");

    private final Tools tools;
    private final Folders folders;
    private final String origin;
    private final int gatewayPort;
    private final int keycloakPort;
    private final List<String> jvm;
    private final Map<String, Integer> ports;
    private final Map<String, Integer> managementPorts;

    /** @param jvm options that decide on memory and speed */
    public ServicePlans(
            Tools tools, Folders folders, String origin, int gatewayPort, int keycloakPort, List<String> jvm) {
        this.tools = tools;
        this.folders = folders;
        this.origin = origin;
        this.gatewayPort = gatewayPort;
        this.keycloakPort = keycloakPort;
        this.jvm = jvm;
        this.ports = SERVICES.stream().collect(Collectors.toMap(name -> name, name -> Ports.free()));
        this.managementPorts = Stream.concat(SERVICES.stream(), Stream.of(GATEWAY))
                .collect(Collectors.toMap(name -> name, name -> Ports.free()));
    }

    /** Fails early when a service is not built, before servers are started for nothing. */
    void requireBuilt() {
        for (var name : SERVICES) {
            jar(name);
        }
        jar(GATEWAY);
    }

    /** What a service needs of the servers around it. */
    public record Servers(PostgresServer postgres, String kafka, URI chain, Path chainKeys) {}

    public Child.Plan service(String name, Servers servers, DevelopmentCa ca, DevCredentials credentials)
            throws IOException {
        return service(name, servers, ca, credentials, Map.of());
    }

    /**
     * The same with settings of its own.
     *
     * @param more properties by name
     */
    Child.Plan service(
            String name, Servers servers, DevelopmentCa ca, DevCredentials credentials, Map<String, String> more)
            throws IOException {
        var owner = name.substring(0, name.indexOf('-'));
        var database = servers.postgres().database(owner);
        var settings = new HashMap<>(more);
        settings.put("madang.environment", "development");
        settings.put("madang.origin", origin);
        settings.put("madang.trust-anchor", ca.root().toString());
        settings.put("madang.keycloak.url", "http://127.0.0.1:%d/auth/realms/madang".formatted(keycloakPort));
        settings.put("madang.data-dir", folder(folders.service(owner)));
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.http.port", Integer.toString(port(ports, name)));
        settings.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
        settings.put("quarkus.datasource.reactive.url", database.reactiveUrl());
        settings.put("quarkus.datasource.username", database.user());
        settings.put("quarkus.datasource.password", database.password());
        settings.put("kafka.bootstrap.servers", servers.kafka());
        if (!owner.equals("payment")) {
            settings.put("madang.handover.dir", folder(folders.handover()));
        }
        if (owner.equals("identity")) {
            settings.put("madang.ca.certificate", ca.agencyCertificate().toString());
            settings.put("madang.ca.key", ca.agencyKey().toString());
            settings.put("madang.wallet-providers", ca.walletProviderAnchor().toString());
            // nobody who tries it out wants to wait as long as an agency's officers take
            settings.put("madang.issuance.deferred-interval", "PT3S");
            settings.put("madang.sign-in.client-id", People.SIGN_IN_CLIENT);
            settings.put("madang.sign-in.client-secret", credentials.client(People.SIGN_IN_CLIENT));
            settings.put("madang.registry.client-id", People.REGISTRY_CLIENT);
            settings.put("madang.registry.client-secret", credentials.client(People.REGISTRY_CLIENT));
        } else {
            settings.put("madang.chain.rpc-url", servers.chain().toString());
            settings.put("madang.chain.profile", "development");
            settings.put("madang.chain.keys-dir", servers.chainKeys().toString());
        }
        return plan(name, settings);
    }

    /**
     * The gateway.
     *
     * @param upstreams by service, where it is reached instead of where it listens
     * @param more properties by name, for whoever measures what limits are there to keep away
     */
    public Child.Plan gateway(DevelopmentCa ca, Map<String, URI> upstreams, Map<String, String> more) {
        var settings = new HashMap<>(more);
        settings.put("madang.origin", origin);
        settings.put("madang.gateway.host", "127.0.0.1");
        settings.put("madang.gateway.port", Integer.toString(gatewayPort));
        settings.put("madang.gateway.tls-certificate", ca.tlsCertificate().toString());
        settings.put("madang.gateway.tls-key", ca.tlsKey().toString());
        settings.put("madang.gateway.keycloak-url", "http://127.0.0.1:" + keycloakPort);
        for (var name : SERVICES) {
            var owner = name.substring(0, name.indexOf('-'));
            settings.put(
                    "madang.gateway." + owner + "-url",
                    upstreams.getOrDefault(name, address(name)).toString());
        }
        return plan(GATEWAY, settings);
    }

    /** Where a service answers the gateway; the gateway's own address is the origin. */
    public URI address(String name) {
        return URI.create("http://127.0.0.1:" + port(ports, name));
    }

    /** Readiness of a service or the gateway, on its management port. */
    public URI health(String name) {
        return URI.create("http://127.0.0.1:%d/q/health/ready".formatted(port(managementPorts, name)));
    }

    private static int port(Map<String, Integer> ports, String name) {
        return java.util.Objects.requireNonNull(ports.get(name), name);
    }

    private Child.Plan plan(String name, Map<String, String> settings) {
        settings.put("quarkus.management.host", "127.0.0.1");
        settings.put("quarkus.management.port", Integer.toString(port(managementPorts, name)));
        var command = new java.util.ArrayList<String>();
        command.add(Tools.java());
        command.addAll(jvm);
        command.addAll(JVM);
        command.addAll(List.of("-jar", jar(name).toString()));
        return new Child.Plan(
                name,
                List.copyOf(command),
                environment(settings),
                tools.root().resolve(name),
                folders.log(name),
                "TERM",
                STOP_LIMIT);
    }

    private Path jar(String name) {
        var jar = tools.root().resolve(name).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("%s is not built: no %s".formatted(name, jar));
        }
        return jar;
    }

    /** MicroProfile Config's rule: what is no letter or digit becomes an underscore, then upper case. */
    private static Map<String, String> environment(Map<String, String> settings) {
        return settings.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT),
                        Map.Entry::getValue));
    }

    private static String folder(Path folder) throws IOException {
        return Files.createDirectories(folder).toString();
    }
}
