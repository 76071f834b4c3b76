package city.madang.payment.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.payment.testing.Api;
import city.madang.payment.testing.PaymentTest;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

@PaymentTest
class UnreachableChainTest {

    @Inject
    NotedLedger noted;

    @Inject
    ChainMarks marks;

    @Inject
    ChainConfig config;

    /** The configuration, but with the node elsewhere. */
    private record Elsewhere(ChainConfig config, String rpcUrl) implements ChainConfig {
        @Override
        public Profile profile() {
            return config.profile();
        }

        @Override
        public Optional<String> ledgerAddress() {
            return config.ledgerAddress();
        }

        @Override
        public Optional<String> anchorAddress() {
            return config.anchorAddress();
        }

        @Override
        public int finalityDepth() {
            return config.finalityDepth();
        }

        @Override
        public AfterRollback afterRollback() {
            return config.afterRollback();
        }

        @Override
        public Duration recoveryDelay() {
            return config.recoveryDelay();
        }

        @Override
        public Path keysDir() {
            return config.keysDir();
        }
    }

    @Test
    void a_service_started_before_its_chain_waits_for_it_and_goes_on_by_itself() throws IOException {
        Api.separator();
        URI node = URI.create(config.rpcUrl());
        int port = freePort();
        LedgerGate gate = new LedgerGate(new Elsewhere(config, "http://127.0.0.1:" + port), noted, marks);
        LedgerReadiness readiness = new LedgerReadiness(gate);

        assertInstanceOf(LedgerState.Connecting.class, gate.check());
        assertEquals(Status.DOWN, readiness.call().getStatus());
        assertThrows(HttpProblem.class, gate::ready);

        try (ServerSocket door = new ServerSocket()) {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Thread.ofVirtual().start(() -> forward(door, node));
            assertInstanceOf(LedgerState.Ready.class, gate.check());
            assertEquals(Status.UP, readiness.call().getStatus());
        } finally {
            gate.close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static void forward(ServerSocket door, URI node) {
        try {
            while (true) {
                Socket here = door.accept();
                Socket there = new Socket(node.getHost(), node.getPort());
                Thread.ofVirtual().start(() -> pump(here, there));
                Thread.ofVirtual().start(() -> pump(there, here));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException closed) {
            // either side has gone
        }
    }
}
