package city.madang.bench.records;

import city.madang.bench.Benchmark;
import city.madang.bench.report.Machine;
import city.madang.bench.report.Report;
import city.madang.bench.servers.Session;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code ./madang bench records}: all parts on the same servers, in one report. */
public final class RecordsBenchmark implements Benchmark {

    private static final List<Part> PARTS = List.of(new LogPart(), new DocumentsPart(), new SealsPart());

    private final Session session = new Session("bench-records");

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
    public void run(List<String> arguments) throws Exception {
        var options = RecordsOptions.parse(arguments, session.root(), session.state());
        var parts = PARTS.stream()
                .filter(part -> options.only().map(part.name()::equals).orElse(true))
                .toList();
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no part " + options.only().orElseThrow());
        }
        session.with(say -> RecordsServers.start(options.state(), say), servers -> measure(servers, options, parts));
    }

    private void measure(RecordsServers servers, RecordsOptions options, List<Part> parts) throws IOException {
        var report = new Report(
                name(),
                Machine.describe(Map.of(
                        "records-service's JVM", String.join(" ", RecordsServers.SERVICE_JVM),
                        "each row", "median of %d rounds".formatted(options.rounds()))));
        for (var part : parts) {
            part.measure(servers, options, report, session::say);
            // what was measured is kept whatever becomes of the parts that follow
            report.write(options.out(), "CPU time of the service for each entry, proof or tile");
        }
        System.out.println();
        System.out.println(report.table());
        session.say("written to %s".formatted(options.out()));
    }
}
