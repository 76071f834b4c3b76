package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class IdleConnectionsTest extends GatewayTestBase {

    private static final int TEN_THOUSAND = 10_000;

    /** Files that a process holds besides: classes, the event loops, the upstreams' connections. */
    private static final int OTHER_FILES = 2_000;

    @Test
    void ten_thousand_connections_that_say_nothing_keep_nobody_from_being_served_and_are_closed() throws Exception {
        assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        && system.getMaxFileDescriptorCount() > TEN_THOUSAND + OTHER_FILES,
                "this machine lets a process open fewer files (ulimit -n): ten thousand connections were not tried");
        Process idle = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        Path.of(IdleConnections.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        IdleConnections.class.getName(),
                        Integer.toString(entry.port()),
                        Integer.toString(TEN_THOUSAND))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(idle.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("open " + TEN_THOUSAND, said.readLine());
            assertEquals(200, caller.line("GET /identity/echo HTTP/1.1").status());
            assertEquals("closed " + TEN_THOUSAND, said.readLine());
            assertTrue(idle.waitFor(10, TimeUnit.SECONDS));
        } finally {
            idle.destroyForcibly();
        }
    }

    @Test
    void one_address_may_not_hold_all_connections() throws IOException {
        Caller greedy = caller.from("127.0.0.40");
        List<Socket> held = new ArrayList<>();
        try {
            boolean refused = false;
            for (int i = 0; i < 70 && !refused; i++) {
                Socket socket = greedy.connect();
                held.add(socket);
                refused = !isServed(socket);
            }
            assertTrue(refused);
            assertEquals(
                    200,
                    caller.from("127.0.0.41")
                            .line("GET /identity/echo HTTP/1.1")
                            .status());
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static boolean isServed(Socket socket) {
        try {
            socket.getOutputStream()
                    .write("GET /identity/echo HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException closed) {
            return false;
        }
    }
}
