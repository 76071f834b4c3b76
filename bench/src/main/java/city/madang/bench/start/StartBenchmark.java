package city.madang.bench.start;

import city.madang.bench.Benchmark;
import city.madang.bench.report.Machine;
import city.madang.bench.servers.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./madang bench start}: each process in each way in each round, one at a time. */
public final class StartBenchmark implements Benchmark {

    private static final List<String> PROCESSES =
            List.of(StartServers.GATEWAY, "identity-service", "payment-service", "records-service");

    /** To the start that makes the tables and is not counted. */
    private static final int FIRST_REQUESTS = 100;

    private final Session session = new Session("bench-start");

    private record Case(String service, Way way) {}

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String summary() {
        return "how soon each process is ready and what memory it takes, with and without an AOT cache";
    }

    @Override
    public String help() {
        return StartOptions.HELP;
    }

    @Override
    public void run(List<String> arguments) throws Exception {
        var options = StartOptions.parse(arguments, session.root(), session.state());
        session.with(say -> StartServers.start(options.state(), say), servers -> measure(servers, options));
    }

    private void measure(StartServers servers, StartOptions options) throws Exception {
        var report = new StartReport(Machine.describe(Map.of(
                "JVM options", String.join(" ", StartServers.JVM),
                "each row",
                        "median of %d starts; load of %d requests".formatted(options.starts(), options.requests()))));
        var caches = new LinkedHashMap<String, Long>();
        for (var service : PROCESSES) {
            session.say("making the cache of %s, and a first start for its tables …".formatted(service));
            caches.put(service, servers.prepare(service));
            var unused = servers.measure(service, Way.JVM, FIRST_REQUESTS);
        }
        var starts = new LinkedHashMap<Case, List<Start>>();
        for (var round = 1; round <= options.starts(); round++) {
            for (var service : PROCESSES) {
                for (var way : Way.values()) {
                    var start = servers.measure(service, way, options.requests());
                    starts.computeIfAbsent(new Case(service, way), none -> new ArrayList<>())
                            .add(start);
                    session.say("round %d  %-36s %,6.0f ms"
                            .formatted(round, service + ", " + way.title(), start.readyMillis()));
                }
            }
        }
        starts.forEach((which, all) -> report.add(
                which.service(),
                which.way(),
                which.way() == Way.AOT ? caches.getOrDefault(which.service(), 0L) : 0,
                all));
        System.out.println();
        System.out.println(report.table());
        report.write(options.out());
        session.say("written to %s".formatted(options.out()));
    }
}
