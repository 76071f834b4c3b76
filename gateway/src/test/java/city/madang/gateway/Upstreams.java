package city.madang.gateway;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Real services behind the gateway under test, on free ports; payment is down until a test starts it. */
public final class Upstreams implements QuarkusTestResourceLifecycleManager {

    private final TestService identity = new TestService("identity");
    private final TestService records = new TestService("records");
    private final TestService keycloak = new TestService("keycloak");

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("gateway-test");
            TestCertificates.write(folder);
            return Map.ofEntries(
                    Map.entry("madang.origin", "https://madang.example"),
                    Map.entry("madang.gateway.host", "127.0.0.1"),
                    Map.entry("madang.gateway.port", "0"),
                    Map.entry("quarkus.management.test-port", "0"),
                    Map.entry(
                            "madang.gateway.tls-certificate",
                            folder.resolve("server.pem").toString()),
                    Map.entry(
                            "madang.gateway.tls-key",
                            folder.resolve("server.key").toString()),
                    Map.entry("test.ca", folder.resolve("ca.pem").toString()),
                    Map.entry("madang.gateway.identity-url", "http://127.0.0.1:" + identity.start()),
                    Map.entry("madang.gateway.records-url", "http://127.0.0.1:" + records.start()),
                    Map.entry("madang.gateway.keycloak-url", "http://127.0.0.1:" + keycloak.start()),
                    Map.entry("madang.gateway.payment-url", "http://127.0.0.1:" + freePort()),
                    Map.entry("madang.gateway.routes.identity.max-body-size", "64K"),
                    Map.entry("madang.gateway.routes.records.max-body-size", "64M"),
                    Map.entry("madang.gateway.routes.keycloak.response-timeout", "700ms"),
                    Map.entry("madang.gateway.limits.body-idle-timeout", "1500ms"),
                    Map.entry("madang.gateway.limits.max-requests", "20"),
                    Map.entry("madang.gateway.limits.linger-time", "500ms"),
                    Map.entry("madang.gateway.upstream.connect-retries", "10"),
                    Map.entry("madang.gateway.upstream.connect-retry-delay", "100ms"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        identity.stop();
        records.stop();
        keycloak.stop();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
