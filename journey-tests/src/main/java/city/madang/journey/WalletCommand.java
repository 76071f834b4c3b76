package city.madang.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A citizen's wallet: the command line of the TypeScript wallet. One process takes all commands, because starting one costs more
 * than most of them; what the wallet knows it reads from its folder for each command anew. It ends when this JVM does.
 */
public final class WalletCommand {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Path program;
    private final Path home;
    private final City city;
    private @Nullable Process process;

    /**
     * @param checkout folder that holds {@code wallet/}
     * @param home the wallet's own folder: keys, credentials, tokens
     */
    public WalletCommand(Path checkout, Path home, City city) {
        this.program = checkout.resolve("wallet/bin/madang-wallet").toAbsolutePath();
        this.home = home.toAbsolutePath();
        this.city = city;
    }

    /** What a command answered: its document, or {@code {"error": problem}}. */
    public record Result(boolean ok, JsonNode json) {

        /** The problem's type, e.g. {@code urn:madang:problem:bill-already-paid}; empty if there is none. */
        public String problemType() {
            return json.at("/error/type").asText("");
        }

        /** The problem's title, which at OpenID endpoints is the standard's error code; empty if there is none. */
        public String problemTitle() {
            return json.at("/error/title").asText("");
        }
    }

    /** Runs a command that must succeed. */
    public JsonNode run(String... arguments) {
        return orFail(attempt(arguments), arguments);
    }

    /** Signs in to the city. */
    public JsonNode signIn(String user) {
        return runAs(user, "login");
    }

    /** Runs a command that must succeed, and in which the person signs in at the city's own page. */
    public JsonNode runAs(String user, String... arguments) {
        return orFail(attemptAs(user, arguments), arguments);
    }

    /** Runs a command that may be refused. */
    public Result attempt(String... arguments) {
        return attempt(Map.of(), arguments);
    }

    /** Runs a command that may be refused, and in which the person signs in with a password. */
    public Result attemptAs(String user, String... arguments) {
        return attempt(Map.of("MADANG_PASSWORD", city.password().apply(user)), withName(user, arguments));
    }

    /** The same by one who also gives a one-time code where it is asked for. */
    public Result attemptWithCode(String user, String... arguments) {
        return attempt(
                Map.of(
                        "MADANG_PASSWORD",
                        city.password().apply(user),
                        "MADANG_ONE_TIME_CODE",
                        city.oneTimeCode().apply(user)),
                withName(user, arguments));
    }

    private static String[] withName(String user, String... arguments) {
        List<String> named = new ArrayList<>(List.of(arguments));
        named.addAll(List.of("--username", user));
        return named.toArray(String[]::new);
    }

    private static JsonNode orFail(Result result, String... arguments) {
        if (!result.ok()) {
            throw new JourneyFailed("wallet " + String.join(" ", arguments) + ": " + result.json());
        }
        return result.json();
    }

    private synchronized Result attempt(Map<String, String> environment, String... arguments) {
        ObjectNode line = JSON.createObjectNode();
        ArrayList<String> all = new ArrayList<>(List.of(
                "--home",
                home.toString(),
                "--origin",
                city.origin().toString(),
                "--ca",
                city.rootCertificate().toAbsolutePath().toString(),
                "--wallet-provider",
                city.walletProvider().toAbsolutePath().toString()));
        all.addAll(List.of(arguments));
        line.set("arguments", JSON.valueToTree(all));
        line.set("environment", JSON.valueToTree(environment));
        try {
            Process wallet = running();
            Writer input = wallet.outputWriter(StandardCharsets.UTF_8);
            input.write(line + "\n");
            input.flush();
            return result(answer(wallet, arguments), arguments);
        } catch (IOException cannot) {
            throw new JourneyFailed("the wallet cannot be run: " + cannot);
        }
    }

    private Process running() throws IOException {
        Process now = process;
        if (now == null || !now.isAlive()) {
            now = new ProcessBuilder(program.toString(), "batch")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process = now;
        }
        return now;
    }

    private static String answer(Process wallet, String... arguments) throws IOException {
        BufferedReader output = wallet.inputReader(StandardCharsets.UTF_8);
        CompletableFuture<@Nullable String> line = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                line.complete(output.readLine());
            } catch (IOException broken) {
                line.completeExceptionally(broken);
            }
        });
        try {
            String text = line.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            if (text == null) {
                throw new JourneyFailed("the wallet ended: " + String.join(" ", arguments));
            }
            return text;
        } catch (TimeoutException hangs) {
            wallet.destroyForcibly();
            throw new JourneyFailed("the wallet hangs: " + String.join(" ", arguments));
        } catch (ExecutionException broken) {
            throw new IOException(broken.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JourneyFailed("interrupted");
        }
    }

    private static Result result(String line, String... arguments) {
        try {
            JsonNode answer = JSON.readTree(line);
            return answer.path("status").asInt(-1) == 0
                    ? new Result(true, answer.path("result"))
                    : new Result(false, answer);
        } catch (IOException notJson) {
            throw new JourneyFailed("wallet " + String.join(" ", arguments) + " answered: " + line);
        }
    }
}
