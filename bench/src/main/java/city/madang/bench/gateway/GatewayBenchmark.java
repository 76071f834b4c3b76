package city.madang.bench.gateway;

import city.madang.bench.Benchmark;
import city.madang.bench.report.Machine;
import city.madang.bench.report.Measured;
import city.madang.bench.report.Report;
import city.madang.bench.report.Row;
import city.madang.bench.servers.Session;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** {@code ./madang bench gateway}: all contenders in one run, their rounds taking turns. */
public final class GatewayBenchmark implements Benchmark {

    /** Before the first round, so that what is compiled while it runs is compiled. */
    private static final int WARM_UP_SECONDS = 30;

    private final Session session = new Session("bench-gateway");

    @Override
    public String name() {
        return "gateway";
    }

    @Override
    public String summary() {
        return "requests a second and added latency, beside direct, nginx and Spring Cloud Gateway with the same policy";
    }

    @Override
    public String help() {
        return GatewayOptions.HELP;
    }

    @Override
    public void run(List<String> arguments) throws Exception {
        var options = GatewayOptions.parse(arguments, session.root(), session.state());
        var load = DebianPackages.unpack(Tools.ofProject().folder().resolve("bench-wrk"), Wrk.PACKAGES);
        if (load.folder().isEmpty()) {
            throw new IllegalStateException("there is no load without wrk: " + load.why());
        }
        var wrk = new Wrk(load.folder().get());
        session.with(say -> new Contenders(options.state()), contenders -> measure(contenders, wrk, options));
    }

    private void measure(Contenders contenders, Wrk wrk, GatewayOptions options) throws IOException {
        session.say("starting the gateways …");
        var all = Stream.of(
                        contenders.direct(),
                        contenders.gateway(),
                        options.others() ? contenders.nginx(session::say) : null,
                        options.others() ? contenders.springCloudGateway(session::say) : null)
                .filter(Objects::nonNull)
                .toList();
        var token = contenders.token();
        Map<Contender, List<Measured>> rounds = new LinkedHashMap<>();
        for (var each : all) {
            wrk.run(each.url(), token, options.connections(), WARM_UP_SECONDS);
            rounds.put(each, new ArrayList<>());
        }
        for (var round = 1; round <= options.rounds(); round++) {
            for (var each : all) {
                var before = each.cpuMillis();
                var measured = wrk.run(each.url(), token, options.connections(), options.seconds());
                var cpu = (each.cpuMillis() - before) / measured.requests();
                Objects.requireNonNull(rounds.get(each)).add(measured.measured(cpu));
                session.say("round %d  %-22s %,9.0f requests/s, p50 %.2f ms, p99 %.2f ms"
                        .formatted(
                                round, each.title(), measured.perSecond(), measured.p50Millis(), measured.p99Millis()));
            }
        }
        report(options, rounds);
    }

    private void report(GatewayOptions options, Map<Contender, List<Measured>> rounds) throws IOException {
        var report = new Report(
                name(),
                Machine.describe(Map.of(
                        "JVMs", String.join(" ", Contenders.JVM),
                        "each row", "median of %d rounds of %d s".formatted(options.rounds(), options.seconds()))));
        rounds.forEach((contender, measured) -> report.add(
                new Row(contender.key(), contender.system(), contender.title(), options.connections(), measured, "")));
        System.out.println();
        System.out.println(report.table());
        compare(report);
        report.write(options.out(), "CPU time of the gateway for each request");
        session.say("written to %s".formatted(options.out()));
    }

    /** How many times as many requests a second as each other one. */
    private static void compare(Report report) {
        var rows = report.rows();
        var own = rows.stream()
                .filter(row -> row.key().equals("madang"))
                .findFirst()
                .orElseThrow();
        for (var other : rows) {
            if (other != own) {
                var times = own.median(Measured::requestsPerSecond) / other.median(Measured::requestsPerSecond);
                System.out.printf("Madang's gateway carries %.2f times as much as: %s%n", times, other.title());
                report.add("times_" + other.key().replace('-', '_'), times);
            }
        }
    }
}
