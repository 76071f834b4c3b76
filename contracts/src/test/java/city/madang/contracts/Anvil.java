package city.madang.contracts;

import city.madang.devstack.tools.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A development chain of its own on a free port of 127.0.0.1, with the gas cap that a real Osaka chain has. */
final class Anvil implements AutoCloseable {

    /** This module's folder, which surefire runs in. */
    static final Path MODULE = Path.of("").toAbsolutePath();

    private static final long INSTALL_SECONDS_MAX = 180;
    private static final Pattern LISTENING = Pattern.compile("Listening on (127\\.0\\.0\\.1:[0-9]+)");
    private static final Shared SHARED = new Shared();

    private final Process process;
    private final String rpcUrl;

    private Anvil(Process process, String rpcUrl) {
        this.process = process;
        this.rpcUrl = rpcUrl;
    }

    /** The chain that all test classes share; it stops with the JVM. */
    static Anvil shared() {
        return SHARED.get();
    }

    static Anvil start(String hardfork, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Tools.ofProject().anvil().toString()));
        command.addAll(List.of("--hardfork", hardfork, "--host", "127.0.0.1", "--port", "0", "--accounts", "0"));
        command.addAll(List.of("--gas-limit", "2000000000"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var seen = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            seen.append(line).append('\n');
            Matcher matcher = LISTENING.matcher(line);
            if (matcher.find()) {
                Thread.ofVirtual().start(() -> out.lines().forEach(ignored -> {}));
                return new Anvil(process, "http://" + matcher.group(1));
            }
        }
        throw new IOException("anvil did not start: " + seen);
    }

    String rpcUrl() {
        return rpcUrl;
    }

    /** A new key with gas money. */
    Credentials fundedKey() {
        var credentials = TestKeys.newCredentials();
        rpc("anvil_setBalance", "\"" + credentials.address() + "\",\"0x3635c9adc5dea00000\"");
        return credentials;
    }

    /** Calls a method of the development chain that no real chain has. */
    String rpc(String method, String params) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[%s]}".formatted(method, params);
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(rpcUrl))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.body().contains("\"error\"")) {
                throw new IllegalStateException(response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Installs this module's node packages as locked, unless they are there. */
    static void installPackages() throws IOException, InterruptedException {
        if (Files.exists(MODULE.resolve("node_modules/.package-lock.json"))) {
            return;
        }
        Path log = Files.createTempFile("npm-ci", ".txt");
        Process npm = new ProcessBuilder("npm", "ci")
                .directory(MODULE.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!npm.waitFor(INSTALL_SECONDS_MAX, TimeUnit.SECONDS) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw new IOException("npm ci failed: " + Files.readString(log));
        }
        Files.delete(log);
    }

    private static final class Shared {
        private Anvil anvil;

        synchronized Anvil get() {
            if (anvil == null) {
                try {
                    anvil = start("osaka", "--enable-tx-gas-limit");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
            return anvil;
        }
    }
}
