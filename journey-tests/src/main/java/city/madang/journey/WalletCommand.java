package city.madang.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The citizen's wallet: the command line of the TypeScript wallet, one process a command, JSON in and out. */
public final class WalletCommand {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Path program;
    private final Path home;
    private final City city;

    /**
     * @param checkout folder that holds {@code wallet/}
     * @param home the wallet's own folder: keys, credentials, tokens
     */
    public WalletCommand(Path checkout, Path home, City city) {
        this.program = checkout.resolve("wallet/bin/madang-wallet");
        this.home = home;
        this.city = city;
    }

    /** What a command answered: its document, or the problem that it was refused with. */
    public record Result(boolean ok, JsonNode json) {

        /** The problem's type, e.g. {@code urn:madang:problem:bill-already-paid}; empty if there is none. */
        public String problemType() {
            return json.at("/error/type").asText("");
        }
    }

    /** Runs a command that must succeed. */
    public JsonNode run(String... arguments) {
        Result result = attempt(Map.of(), arguments);
        if (!result.ok()) {
            throw new JourneyFailed("wallet " + String.join(" ", arguments) + ": " + result.json());
        }
        return result.json();
    }

    public JsonNode signIn(String user, String password) {
        Result result = attempt(Map.of("MADANG_PASSWORD", password), "login", "--username", user);
        if (!result.ok()) {
            throw new JourneyFailed("the wallet could not sign in: " + result.json());
        }
        return result.json();
    }

    /** Runs a command that may be refused. */
    public Result attempt(String... arguments) {
        return attempt(Map.of(), arguments);
    }

    private Result attempt(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--home",
                home.toString(),
                "--origin",
                city.origin().toString(),
                "--ca",
                city.rootCertificate().toString(),
                "--json"));
        command.addAll(List.of(arguments));
        try {
            Path errors = Files.createTempFile("wallet", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                byte[] output = process.getInputStream().readAllBytes();
                if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new JourneyFailed("the wallet hangs: " + String.join(" ", arguments));
                }
                boolean ok = process.exitValue() == 0;
                byte[] document = ok ? output : Files.readAllBytes(errors);
                return new Result(ok, parse(document.length > 0 ? document : output, arguments));
            } finally {
                Files.delete(errors);
            }
        } catch (IOException cannot) {
            throw new JourneyFailed("the wallet cannot be run: " + cannot);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JourneyFailed("interrupted");
        }
    }

    private static JsonNode parse(byte[] document, String... arguments) {
        try {
            return JSON.readTree(document);
        } catch (IOException notJson) {
            throw new JourneyFailed("wallet " + String.join(" ", arguments) + " answered: "
                    + new String(document, StandardCharsets.UTF_8));
        }
    }
}
