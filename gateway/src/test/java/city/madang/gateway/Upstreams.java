package city.madang.gateway;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Real services behind the gateway under test, on free ports; payment is down until a test starts it. */
public final class Upstreams implements QuarkusTestResourceLifecycleManager {

    private final TestService identity = new TestService("identity");
    private final TestService records = new TestService("records");
    private final TestService keycloak = new TestService("keycloak");
    private final TestService fragile = new TestService("fragile");

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("gateway-test");
            TestCertificates.write(folder);
            Map<String, String> settings = new HashMap<>();
            settings.put("madang.origin", TestIssuer.ORIGIN);
            settings.put("madang.gateway.host", "0.0.0.0");
            settings.put("madang.gateway.port", "0");
            settings.put("quarkus.management.test-port", "0");
            settings.put(
                    "madang.gateway.tls-certificate",
                    folder.resolve("server.pem").toString());
            settings.put("madang.gateway.tls-key", folder.resolve("server.key").toString());
            settings.put("madang.gateway.agencies.port", "0");
            settings.put(
                    "madang.gateway.agencies.authorities",
                    folder.resolve("ca.pem").toString());
            settings.put("test.ca", folder.resolve("ca.pem").toString());
            settings.put("madang.gateway.trusted-networks", Caller.TRUSTED + "/32");
            String atIdentity = "http://127.0.0.1:" + identity.start();
            settings.put("madang.gateway.identity-url", atIdentity);
            settings.put("madang.gateway.records-url", "http://127.0.0.1:" + records.start());
            settings.put("madang.gateway.keycloak-url", "http://127.0.0.1:" + keycloak.start());
            settings.put("madang.gateway.payment-url", "http://127.0.0.1:" + freePort());
            settings.put("madang.gateway.routes.identity.max-body-size", "64K");
            settings.put("madang.gateway.routes.records.max-body-size", "64M");
            settings.put("madang.gateway.routes.records.web-socket", "true");
            settings.put("madang.gateway.routes.records.request-timeout", "5s");
            settings.put("madang.gateway.routes.keycloak.response-timeout", "700ms");
            // the tests of carrying show no tokens, and ask often
            for (String route : List.of("identity", "payment", "records", "keycloak")) {
                settings.put("madang.gateway.routes." + route + ".access.usual", "open");
                settings.put("madang.gateway.routes." + route + ".limits.caller-burst", "100000");
            }
            settings.put("madang.gateway.pages.caller-burst", "100000");
            settings.put("madang.gateway.routes.guarded.url", atIdentity);
            settings.put("madang.gateway.routes.guarded.paths", "/guarded/**");
            settings.put("madang.gateway.routes.guarded.limits.caller-burst", "100000");
            settings.put("madang.gateway.routes.guarded.cors.origins", "https://wallet.example");
            settings.put(
                    "madang.gateway.routes.guarded.access.open", "GET /guarded/open/{any},POST /guarded/open/echo");
            settings.put("madang.gateway.routes.guarded.access.optional", "GET /guarded/optional/echo");
            settings.put("madang.gateway.routes.guarded.access.wallet", "POST /guarded/wallet/echo");
            settings.put("madang.gateway.routes.limited.url", atIdentity);
            settings.put("madang.gateway.routes.limited.paths", "/limited/**");
            settings.put("madang.gateway.routes.limited.access.optional", "GET /limited/echo");
            settings.put("madang.gateway.routes.limited.limits.caller-per-second", "1");
            settings.put("madang.gateway.routes.limited.limits.caller-burst", "3");
            settings.put("madang.gateway.routes.limited.limits.agency-per-second", "1");
            settings.put("madang.gateway.routes.limited.limits.agency-burst", "5");
            settings.put("madang.gateway.routes.fragile.url", "http://127.0.0.1:" + fragile.start());
            settings.put("madang.gateway.routes.fragile.paths", "/fragile/**");
            settings.put("madang.gateway.routes.fragile.access.usual", "open");
            settings.put("madang.gateway.upstream.breaker.rest", "1s");
            settings.put("madang.gateway.upstream.max-requests", "20");
            settings.put("madang.gateway.limits.body-idle-timeout", "4s");
            settings.put("madang.gateway.limits.handshake-timeout", "5s");
            settings.put("madang.gateway.limits.head-timeout", "2s");
            settings.put("madang.gateway.limits.max-requests", "30");
            settings.put("madang.gateway.limits.max-connections-per-address", "60");
            settings.put("madang.gateway.limits.linger-time", "500ms");
            settings.put("madang.gateway.limits.refused-tokens-per-second", "1");
            settings.put("madang.gateway.limits.refused-tokens-burst", "40");
            settings.put("madang.gateway.upstream.connect-retries", "10");
            settings.put("madang.gateway.upstream.connect-retry-delay", "100ms");
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        identity.stop();
        records.stop();
        keycloak.stop();
        fragile.stop();
    }

    /** A port that no connection of this machine gets by chance, since it stays unused for a while. */
    private static int freePort() throws IOException {
        Random random = new Random();
        while (true) {
            int port = 20_000 + random.nextInt(10_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // another one
            }
        }
    }
}
