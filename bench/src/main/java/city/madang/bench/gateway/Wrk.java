package city.madang.bench.gateway;

import city.madang.bench.report.Measured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The load: wrk, which costs so little that on a shared machine it is the gateway that is measured.
 *
 * @param folder of its package and its libraries
 */
record Wrk(Path folder) {

    static final List<String> PACKAGES = List.of("wrk", "libluajit-5.1-2");

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern BAD = Pattern.compile("(Non-2xx or 3xx responses: .*|Socket errors: .*)");

    /**
     * A round, as wrk tells it.
     *
     * @param requests that were answered
     */
    record Round(long requests, double perSecond, double p50Millis, double p99Millis) {

        Measured measured(double cpuMillisEach) {
            return new Measured(perSecond, perSecond, p50Millis, p99Millis, cpuMillisEach, 0);
        }
    }

    /** @throws IllegalStateException if a request failed: then nothing was measured */
    Round run(String url, String token, int connections, int seconds) throws IOException {
        var builder = new ProcessBuilder(
                folder.resolve("usr/bin/wrk").toString(),
                "-t2",
                "-c" + connections,
                "-d" + seconds + "s",
                "--latency",
                "-H",
                "Authorization: Bearer " + token,
                url);
        builder.environment().put("LD_LIBRARY_PATH", DebianPackages.libraries(folder));
        var process = builder.redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var bad = BAD.matcher(said);
        if (bad.find()) {
            throw new IllegalStateException(url + ": " + bad.group());
        }
        return new Round((long) figure(REQUESTS, said), figure(RATE, said), millis("50%", said), millis("99%", said));
    }

    private static double millis(String share, String said) {
        var found = Pattern.compile(share + "\\s+([0-9.]+)(us|ms|s)").matcher(said);
        if (!found.find()) {
            throw new IllegalStateException("wrk said: " + said);
        }
        var value = Double.parseDouble(found.group(1));
        return switch (found.group(2)) {
            case "us" -> value / 1000;
            case "s" -> value * 1000;
            default -> value;
        };
    }

    private static double figure(Pattern pattern, String said) {
        var found = pattern.matcher(said);
        if (!found.find()) {
            throw new IllegalStateException("wrk said: " + said);
        }
        return Double.parseDouble(found.group(1));
    }
}
