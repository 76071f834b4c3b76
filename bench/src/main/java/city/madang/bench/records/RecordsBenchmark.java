package city.madang.bench.records;

import city.madang.bench.Benchmark;
import city.madang.bench.report.Machine;
import city.madang.bench.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code ./madang bench records}: all parts on the same servers, in one report. */
public final class RecordsBenchmark implements Benchmark {

    private static final List<Part> PARTS = List.of(new LogPart(), new DocumentsPart(), new SealsPart());

    private Instant began = Instant.now();

    @Override
    public String name() {
        return "records";
    }

    @Override
    public String summary() {
        return "durable log entries, proofs and memory, beside SHA-256 and the disk; documents; seals a core";
    }

    @Override
    public String help() {
        return RecordsOptions.HELP;
    }

    @Override
    public void run(List<String> arguments) throws IOException {
        var root = Path.of(System.getProperty("madang.root", "."));
        var state = Path.of(System.getProperty("madang.state", ".madang")).resolve("bench-records");
        var options = RecordsOptions.parse(arguments, root, state.toAbsolutePath());
        var parts = PARTS.stream()
                .filter(part -> options.only().map(part.name()::equals).orElse(true))
                .toList();
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no part " + options.only().orElseThrow());
        }
        began = Instant.now();
        try (var servers = RecordsServers.start(options.state(), this::say)) {
            var stop = new Thread(servers::close);
            Runtime.getRuntime().addShutdownHook(stop);
            var report = new Report(
                    name(),
                    Machine.describe(Map.of(
                            "records-service's JVM", String.join(" ", RecordsServers.SERVICE_JVM),
                            "each row", "median of %d rounds".formatted(options.rounds()))));
            for (var part : parts) {
                part.measure(servers, options, report, this::say);
                // what was measured is kept whatever becomes of the parts that follow
                report.write(options.out(), "CPU time of the service for each entry, proof or tile");
            }
            System.out.println();
            System.out.println(report.table());
            say("written to %s".formatted(options.out()));
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private void say(String line) {
        System.out.printf("%5d s  %s%n", Duration.between(began, Instant.now()).toSeconds(), line);
    }
}
