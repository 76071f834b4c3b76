package city.madang.bench.gateway;

import city.madang.bench.Benchmark;
import city.madang.bench.report.Machine;
import city.madang.bench.report.Measured;
import city.madang.bench.report.Report;
import city.madang.bench.report.Row;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** {@code ./madang bench gateway}: all contenders in one run, their rounds taking turns. */
public final class GatewayBenchmark implements Benchmark {

    /** Before the first round, so that what is compiled while it runs is compiled. */
    private static final int WARM_UP_SECONDS = 12;

    private Instant began = Instant.now();

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
    public void run(List<String> arguments) throws IOException {
        var root = Path.of(System.getProperty("madang.root", "."));
        var state = Path.of(System.getProperty("madang.state", ".madang")).resolve("bench-gateway");
        var options = GatewayOptions.parse(arguments, root, state.toAbsolutePath());
        began = Instant.now();
        var load = DebianPackages.unpack(Tools.ofProject().folder().resolve("bench-wrk"), Wrk.PACKAGES);
        if (load.folder().isEmpty()) {
            throw new IllegalStateException("there is no load without wrk: " + load.why());
        }
        var wrk = new Wrk(load.folder().get());
        try (var contenders = new Contenders(options.state())) {
            var stop = new Thread(contenders::close);
            Runtime.getRuntime().addShutdownHook(stop);
            measure(contenders, wrk, options);
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private void measure(Contenders contenders, Wrk wrk, GatewayOptions options) throws IOException {
        say("starting the gateways …");
        var all = Stream.of(
                        contenders.direct(),
                        contenders.gateway(),
                        options.others() ? contenders.nginx(this::say) : null,
                        options.others() ? contenders.springCloudGateway(this::say) : null)
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
                say("round %d  %-22s %,9.0f requests/s, p50 %.2f ms, p99 %.2f ms"
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
        say("written to %s".formatted(options.out()));
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

    private void say(String line) {
        System.out.printf("%5d s  %s%n", Duration.between(began, Instant.now()).toSeconds(), line);
    }
}
