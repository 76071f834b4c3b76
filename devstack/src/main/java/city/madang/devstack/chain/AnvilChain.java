package city.madang.devstack.chain;

import city.madang.devstack.files.Trees;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running anvil with the rules of Osaka: P256VERIFY at 0x100 (EIP-7951) and the cap of 2^24 gas on a transaction. It has no
 * accounts of its own; the keys of {@link ChainKeys} are given money. A block is mined for each transaction at once.
 */
public final class AnvilChain implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final int STATE_INTERVAL_SECONDS = 1;
    private static final Duration KEEP_INTERVAL = Duration.ofMillis(300);
    private static final String BALANCE_WEI = "0xd3c21bcecceda1000000"; // one million ether

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Child.Plan plan;
    private final Watchdog watchdog;
    private final int port;
    private final Path keys;
    private final @Nullable StateFile state;
    private volatile Child child;

    private AnvilChain(
            Child.Plan plan, Watchdog watchdog, int port, Path keys, @Nullable StateFile state, Child child) {
        this.plan = plan;
        this.watchdog = watchdog;
        this.port = port;
        this.keys = keys;
        this.state = state;
        this.child = child;
    }

    /**
     * Starts the chain.
     *
     * @param data folder for the state
     * @param keys folder for the key files
     * @param keep whether the state is kept on disk
     */
    public static AnvilChain start(Path data, Path keys, Path log, boolean keep, Tools tools, Watchdog watchdog) {
        try {
            Files.createDirectories(data);
            ChainKeys.create(keys);
            Trees.delete(olderStates(data));
            var port = Ports.free();
            var command = new ArrayList<>(List.of(
                    tools.anvil().toString(),
                    "--hardfork",
                    "osaka",
                    "--gas-limit",
                    "2000000000",
                    "--enable-tx-gas-limit",
                    "--accounts",
                    "0",
                    "--mnemonic-random",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--cache-path",
                    olderStates(data).toString(),
                    "--quiet"));
            var state = keep ? new StateFile(data) : null;
            if (state != null) {
                command.addAll(List.of(
                        "--state",
                        state.path().toString(),
                        "--state-interval",
                        Integer.toString(STATE_INTERVAL_SECONDS),
                        "--timestamp",
                        genesisTime(data)));
                state.mend();
            }
            var plan = new Child.Plan("chain", command, Map.of(), data, log, keep ? "INT" : "KILL", STOP_LIMIT);
            var chain = new AnvilChain(plan, watchdog, port, keys, state, Child.start(plan, watchdog));
            chain.awaitReady();
            if (state != null) {
                Thread.ofVirtual().start(chain::keepState);
            }
            return chain;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        child.awaitReady(START_LIMIT, () -> call("eth_chainId").isTextual());
        call("evm_setTime", Instant.now().getEpochSecond());
        for (var name : ChainKeys.NAMES) {
            call("anvil_setBalance", ChainKeys.address(keys, name), BALANCE_WEI);
        }
    }

    private void keepState() {
        var kept = java.util.Objects.requireNonNull(state);
        while (child.isAlive()) {
            try {
                Thread.sleep(KEEP_INTERVAL);
                kept.keep();
            } catch (IOException beingWritten) {
                // the next look finds it whole
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** SIGKILL; returns when it is gone. What it had not written, about the last second's blocks, is lost. */
    public void kill() {
        child.kill();
    }

    /** Starts it again on the state that it had written and on its port, after {@link #kill}; returns when it answers. */
    public void restart() {
        try {
            if (state != null) {
                state.mend();
            }
            child = Child.start(plan, watchdog);
            awaitReady();
            if (state != null) {
                Thread.ofVirtual().start(this::keepState);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Unix seconds of the genesis block, chosen once for a state. Without it anvil would make another genesis at each start,
     * and the services, which remember its hash, would rightly refuse what looks like another chain.
     */
    private static String genesisTime(Path data) throws IOException {
        var file = data.resolve("genesis-time");
        if (!Files.exists(file)) {
            Files.writeString(file, Long.toString(Instant.now().getEpochSecond()));
        }
        return Files.readString(file).strip();
    }

    /**
     * Where anvil puts the states of older blocks, of no use to another process. By itself it fills the home directory: one that is killed
     * tidies nothing up.
     */
    private static Path olderStates(Path data) {
        return data.resolve("older-states");
    }

    /** JSON-RPC address. */
    public URI rpcUrl() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Folder of the key files. */
    public Path keys() {
        return keys;
    }

    /** One JSON-RPC call; the {@code result}. */
    public JsonNode call(String method, Object... parameters) throws IOException, InterruptedException {
        var body = JSON.writeValueAsString(
                Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(parameters)));
        var request = HttpRequest.newBuilder(rpcUrl())
                .header("content-type", "application/json")
                .timeout(CALL_LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var answer = JSON.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
            if (answer.has("error")) {
                throw new IOException(method + ": " + answer.get("error"));
            }
            return answer.path("result");
        }
    }

    public Child child() {
        return child;
    }

    @Override
    public void close() {
        child.close();
        try {
            Trees.delete(olderStates(plan.folder()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
