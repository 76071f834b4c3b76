package city.madang.devstack.testing;

import city.madang.devstack.keycloak.People;
import city.madang.devstack.testing.TestServers.Part;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Real servers for a {@code @QuarkusTest}.
 *
 * <pre>{@code
 * @WithTestResource(value = DevstackResource.class, initArgs = {
 *     @ResourceArg(name = "parts", value = "postgres,kafka,keycloak"),
 *     @ResourceArg(name = "service", value = "identity")})
 * }</pre>
 *
 * {@code parts}: any of {@code postgres}, {@code kafka}, {@code chain}, {@code keycloak}, {@code ca}. {@code service}:
 * {@code identity}, {@code payment}, {@code records} or {@code gateway}. The properties are those of {@code
 * docs/interfaces.md} for the service, as far as the parts give them. Servers run once per JVM and end with it.
 */
public final class DevstackResource implements QuarkusTestResourceLifecycleManager {

    private static final Set<String> SERVICES = Set.of("identity", "payment", "records", "gateway");

    private Set<Part> parts = Set.of();
    private String service = "";

    @Override
    public void init(Map<String, String> arguments) {
        var chosen = EnumSet.noneOf(Part.class);
        Arrays.stream(arguments.getOrDefault("parts", "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(name -> Part.valueOf(name.toUpperCase(Locale.ROOT)))
                .forEach(chosen::add);
        parts = chosen;
        service = arguments.getOrDefault("service", "");
        if (!SERVICES.contains(service)) {
            throw new IllegalArgumentException("the argument 'service' must be one of " + SERVICES);
        }
    }

    @Override
    public Map<String, String> start() {
        TestServers.start(parts);
        var properties = new HashMap<String, String>();
        properties.put("madang.origin", TestServers.ORIGIN);
        properties.put("quarkus.http.host", "127.0.0.1");
        properties.put("quarkus.http.test-port", "0");
        properties.put("quarkus.devservices.enabled", "false");
        if (service.equals("gateway")) {
            gateway(properties);
        } else {
            service(properties);
        }
        return Map.copyOf(properties);
    }

    /** Nothing stops here: other tests of this JVM use the same servers. */
    @Override
    public void stop() {}

    private void gateway(Map<String, String> properties) {
        if (parts.contains(Part.CA)) {
            var ca = TestServers.ca();
            properties.put("madang.gateway.tls-certificate", ca.tlsCertificate().toString());
            properties.put("madang.gateway.tls-key", ca.tlsKey().toString());
        }
        if (parts.contains(Part.KEYCLOAK)) {
            var url = TestServers.realmUrl();
            properties.put("madang.gateway.keycloak-url", url.substring(0, url.indexOf("/auth/")));
        }
    }

    private void service(Map<String, String> properties) {
        properties.put("madang.environment", "development");
        properties.put("madang.data-dir", folder("services/" + service));
        if (!service.equals("payment")) {
            properties.put("madang.handover.dir", folder("handover"));
        }
        if (parts.contains(Part.POSTGRES)) {
            var database = TestServers.database(service);
            properties.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
            properties.put("quarkus.datasource.reactive.url", database.reactiveUrl());
            properties.put("quarkus.datasource.username", database.user());
            properties.put("quarkus.datasource.password", database.password());
        }
        if (parts.contains(Part.KAFKA)) {
            properties.put("kafka.bootstrap.servers", TestServers.kafka());
        }
        if (parts.contains(Part.KEYCLOAK)) {
            properties.put("madang.keycloak.url", TestServers.realmUrl());
            if (service.equals("identity")) {
                properties.put("madang.sign-in.client-id", People.SIGN_IN_CLIENT);
                properties.put(
                        "madang.sign-in.client-secret",
                        TestServers.credentials().client(People.SIGN_IN_CLIENT));
                properties.put("madang.registry.client-id", People.REGISTRY_CLIENT);
                properties.put(
                        "madang.registry.client-secret",
                        TestServers.credentials().client(People.REGISTRY_CLIENT));
            }
        }
        if (parts.contains(Part.CHAIN) && !service.equals("identity")) {
            properties.put("madang.chain.rpc-url", TestServers.chain());
            properties.put("madang.chain.profile", "development");
            properties.put("madang.chain.keys-dir", TestServers.chainKeys().toString());
        }
        if (parts.contains(Part.CA) && !service.equals("payment")) {
            var ca = TestServers.ca();
            properties.put("madang.trust-anchor", ca.root().toString());
            if (service.equals("identity")) {
                properties.put("madang.ca.certificate", ca.agencyCertificate().toString());
                properties.put("madang.ca.key", ca.agencyKey().toString());
                properties.put(
                        "madang.wallet-providers", ca.walletProviderAnchor().toString());
                properties.put("madang.test.wallet-provider-dir", ca.folder().toString());
            }
        }
    }

    private static String folder(String name) {
        Path folder = TestServers.base().resolve(name);
        try {
            return Files.createDirectories(folder).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
