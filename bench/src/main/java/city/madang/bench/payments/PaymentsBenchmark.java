package city.madang.bench.payments;

import city.madang.bench.Benchmark;
import city.madang.bench.load.Load;
import city.madang.bench.load.OpenLoop;
import city.madang.bench.load.ProcessCost;
import city.madang.bench.report.Machine;
import city.madang.bench.report.Measured;
import city.madang.bench.report.Report;
import city.madang.bench.report.Row;
import city.madang.bench.servers.Session;
import city.madang.devstack.stack.PaymentStack;
import city.madang.kit.p256.P256;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * {@code ./madang bench payments}. The chain stands still while acceptance is measured, so that each figure is one thing's; what was
 * accepted meanwhile is then settled, and that is measured too.
 */
public final class PaymentsBenchmark implements Benchmark {

    private static final int CLIENTS = 64;
    private static final int BULK_CLIENTS = 4;
    private static final int MANY_BULK_CLIENTS = 16;
    private static final int BATCH = 200;

    /** Payments of a limit for each of a row: it is done with them in less time than a row, and a moment shows little. */
    private static final int LIMIT_TIMES = 4;

    private static final double MILLION = 1e6;

    /** What a container with two cores and 1 GiB of heap comes to by itself, with the cheapest collector for such a heap. */
    private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC");

    private final Session session = new Session("bench-payments");

    @Override
    public String name() {
        return "payments";
    }

    @Override
    public String summary() {
        return "payments accepted, settled and final, beside what SQL and signatures allow";
    }

    @Override
    public String help() {
        return PaymentsOptions.HELP;
    }

    @Override
    public void run(List<String> arguments) throws Exception {
        var options = PaymentsOptions.parse(arguments, session.root(), session.state());
        var jvm = new ArrayList<>(JVM);
        if (options.profile() != null) {
            // samples of CPU time see native code too: signatures, system calls
            jvm.add("-XX:StartFlightRecording=settings=profile,jdk.CPUTimeSample#enabled=true,dumponexit=true,filename="
                    + options.profile());
        }
        session.say("starting PostgreSQL, Kafka, a chain and payment-service …");
        session.with(
                say -> PaymentStack.start(new PaymentStack.Settings(options.state(), jvm, false)),
                stack -> measure(options, stack));
    }

    private interface Round {
        Measured measure() throws IOException, SQLException, InterruptedException;
    }

    private void measure(PaymentsOptions options, PaymentStack stack)
            throws IOException, SQLException, InterruptedException {
        var report = new Report(
                name(),
                Machine.describe(Map.of(
                        "P-256", P256.provider(),
                        "service's JVM", String.join(" ", JVM),
                        "each row",
                                "median of %d rounds of %d payments between %d accounts"
                                        .formatted(options.rounds(), options.payments(), options.accounts()))));
        var postgres = new ProcessCost(stack.postgres().child().pid());
        var limits = new Limits(stack.database(), postgres);
        session.say("opening and funding %d accounts …".formatted(options.accounts()));
        var city = new PaymentCity(stack, options.accounts());
        var costs = new Costs(city, new ProcessCost(stack.servicePid()), postgres);
        warmUp(options, city);

        var measured = new LinkedHashMap<String, List<Measured>>();
        var gas = new LinkedHashMap<String, List<Double>>();
        for (var round = 1; round <= options.rounds(); round++) {
            session.say("round %d of %d".formatted(round, options.rounds()));
            var ofLimits = options.payments() * LIMIT_TIMES;
            take(measured, "limit-verification", () -> limits.verification(ofLimits));
            take(measured, "limit-sql", () -> limits.sql(ofLimits));
            take(measured, "limit-combined", () -> limits.combined(ofLimits));
            var before = city.position();
            var accepted = new LinkedHashMap<String, Span>();
            signal(stack, "STOP");
            try {
                // each round begins with another row: what comes first bears what the limits have left to be written
                for (var row : rotated(acceptance(options, city), round)) {
                    var from = city.position();
                    take(measured, row.key(), () -> costs.of(options.payments(), row.work()));
                    accepted.put(row.key(), new Span(from, city.position()));
                }
            } finally {
                signal(stack, "CONT");
            }
            var due = Math.toIntExact(city.position() - before);
            take(
                    measured,
                    "drain",
                    () -> costs.of(due, () -> {
                        city.drained();
                        return new Load.Round(Math.round(due / city.settledPerSecond(before) * 1e9), new long[0]);
                    }));
            for (var shape : PaymentCity.Shape.values()) {
                var span = Objects.requireNonNull(accepted.get(keyOf(shape)));
                gas.computeIfAbsent(keyOf(shape), none -> new ArrayList<>())
                        .add(city.gasEach(span.from(), span.to(), BATCH));
            }
            take(measured, "open-loop", () -> openLoop(options, city, costs, measured));
        }
        for (var row : ROWS) {
            if (measured.containsKey(row.key())) {
                report.add(new Row(
                        row.key(), row.system(), row.title(), row.connections(), measured.get(row.key()), row.note()));
            }
        }
        var gasEach = new LinkedHashMap<String, Long>();
        gas.forEach((shape, each) -> {
            each.sort(null);
            gasEach.put(shape, Math.round(each.get(each.size() / 2)));
        });
        var shares = sharesOfTheLimit(report);
        report.add("share_of_combined_limit", shares);
        report.add("gas_each_in_a_batch_of_200", gasEach);
        report.add("open_loop_per_second", options.rate());
        System.out.println();
        System.out.println(report.table());
        shares.forEach((key, share) -> System.out.printf("  %-22s %.2f of the combined limit%n", key, share));
        gasEach.forEach(
                (key, each) -> System.out.printf("  %-22s %,d gas a payment in batches of %d%n", key, each, BATCH));
        System.out.println();
        report.write(options.out(), "Payments a second", "/s", Measured::madePerSecond);
        session.say("written to %s".formatted(options.out()));
    }

    /** What is accepted a second, in units of what hand-written SQL and bare signatures make together. */
    private static Map<String, Double> sharesOfTheLimit(Report report) {
        var limit = report.rows().stream()
                .filter(row -> row.key().equals("limit-combined"))
                .findFirst()
                .orElseThrow()
                .median(Measured::madePerSecond);
        var shares = new LinkedHashMap<String, Double>();
        report.rows().stream()
                .filter(row -> row.key().startsWith("single-") || row.key().startsWith("bulk-"))
                .forEach(row ->
                        shares.put(row.key(), Math.round(1000 * row.median(Measured::madePerSecond) / limit) / 1000.0));
        return shares;
    }

    private record Title(String key, String system, String title, int connections, String note) {}

    private static final List<Title> ROWS = List.of(
            new Title("limit-verification", "limit", "Limit: P-256 verifications alone", 4, ""),
            new Title("limit-sql", "limit", "Limit: hand-written SQL alone, batches of 500", 4, ""),
            new Title("limit-combined", "limit", "Limit: both on the same cores", 4, ""),
            new Title("single-uniform", "madang", "Single payments, uniform", CLIENTS, ""),
            new Title("single-eighty-twenty", "madang", "Single payments, 80/20", CLIENTS, ""),
            new Title("single-hot-payee", "madang", "Single payments, one hot payee", CLIENTS, ""),
            new Title("bulk-100", "madang", "Bulk, 100 to a request", BULK_CLIENTS, ""),
            new Title("bulk-100-many", "madang", "Bulk, 100 to a request, many at once", MANY_BULK_CLIENTS, ""),
            new Title("bulk-500", "madang", "Bulk, 500 to a request", BULK_CLIENTS, ""),
            new Title("drain", "madang", "Settled on the chain", 1, "anvil on the same cores"),
            new Title(
                    "open-loop", "madang", "Open loop, settling meanwhile", CLIENTS, "latency from when each was due"),
            new Title("lag", "madang", "From accepted to final, of those", 1, "latency is the lag"));

    private void take(Map<String, List<Measured>> measured, String key, Round round)
            throws IOException, SQLException, InterruptedException {
        var one = round.measure();
        measured.computeIfAbsent(key, none -> new ArrayList<>()).add(one);
        session.say("  %-22s %8.0f/s".formatted(key, one.madePerSecond()));
    }

    /**
     * Positions of payments.
     *
     * @param from of the last before them
     * @param to of the last of them
     */
    private record Span(long from, long to) {}

    private record Acceptance(String key, Work work) {}

    private static List<Acceptance> acceptance(PaymentsOptions options, PaymentCity city) {
        var rows = new ArrayList<Acceptance>();
        for (var shape : PaymentCity.Shape.values()) {
            rows.add(new Acceptance(keyOf(shape), singles(city, options.payments(), shape)));
        }
        rows.add(new Acceptance("bulk-100", bulk(city, options.payments(), 100, BULK_CLIENTS)));
        rows.add(new Acceptance("bulk-100-many", bulk(city, options.payments(), 100, MANY_BULK_CLIENTS)));
        rows.add(new Acceptance("bulk-500", bulk(city, options.payments(), 500, BULK_CLIENTS)));
        return rows;
    }

    private static String keyOf(PaymentCity.Shape shape) {
        return "single-" + shape.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <T> List<T> rotated(List<T> rows, int by) {
        var rotated = new ArrayList<>(rows);
        Collections.rotate(rotated, -by);
        return rotated;
    }

    private static Work singles(PaymentCity city, int count, PaymentCity.Shape shape) {
        var work =
                city.singles(city.payments(count, shape)).stream().map(List::of).toList();
        return () -> city.load(CLIENTS).send(work);
    }

    private static Work bulk(PaymentCity city, int count, int lines, int clients) {
        var requests = city.bulk(city.payments(count, PaymentCity.Shape.UNIFORM), lines);
        return () -> {
            var sent = System.nanoTime();
            var latencies = city.load(clients).map(requests, PaymentCity::allAccepted);
            var nanos = System.nanoTime() - sent;
            return new Load.Round(
                    nanos,
                    latencies.stream().mapToLong(Long::longValue).sorted().toArray());
        };
    }

    private Measured openLoop(
            PaymentsOptions options, PaymentCity city, Costs costs, Map<String, List<Measured>> measured)
            throws IOException, SQLException, InterruptedException {
        var count = options.rate() * options.seconds();
        var requests = city.singles(city.payments(count, PaymentCity.Shape.UNIFORM));
        var before = city.position();
        var result = costs.of(count, () -> {
            var round = new OpenLoop(city.port(), CLIENTS, options.rate()).send(requests);
            city.drained();
            return round;
        });
        take(
                measured,
                "lag",
                () -> new Measured(
                        0,
                        city.settledPerSecond(before),
                        city.lagMillis(before, 0.5),
                        city.lagMillis(before, 0.99),
                        0,
                        0,
                        city.lagMillis(before, 0.999),
                        0));
        return result;
    }

    private interface Work {
        Load.Round run() throws IOException, SQLException, InterruptedException;
    }

    /** @param service the process that is measured */
    private record Costs(PaymentCity city, ProcessCost service, ProcessCost postgres) {

        Measured of(int made, Work work) throws IOException, SQLException, InterruptedException {
            var cpu = service.cpuNanos();
            var databaseCpu = postgres.cpuNanos();
            var wal = city.walBytes();
            var round = work.run();
            var seconds = round.nanos() / 1e9;
            var answered = round.latencies().length;
            return new Measured(
                    answered / seconds,
                    made / seconds,
                    answered == 0 ? 0 : round.percentile(0.5) / MILLION,
                    answered == 0 ? 0 : round.percentile(0.99) / MILLION,
                    (service.cpuNanos() - cpu) / MILLION / made,
                    (postgres.cpuNanos() - databaseCpu) / MILLION / made,
                    answered == 0 ? 0 : round.percentile(0.999) / MILLION,
                    (city.walBytes() - wal) / (double) made);
        }
    }

    private void warmUp(PaymentsOptions options, PaymentCity city)
            throws IOException, SQLException, InterruptedException {
        session.say("warming up …");
        var end = Instant.now().plusSeconds(options.warmUpSeconds());
        var some = 2000;
        do {
            singles(city, some, PaymentCity.Shape.UNIFORM).run();
            bulk(city, some, 500, BULK_CLIENTS).run();
            city.drained();
        } while (Instant.now().isBefore(end));
    }

    /** Stops the chain's process and lets it go on: a chain that does not answer, without losing anything. */
    private static void signal(PaymentStack stack, String signal) throws IOException, InterruptedException {
        var command = Arrays.asList(
                "kill", "-s", signal, Long.toString(stack.chain().child().pid()));
        if (new ProcessBuilder(command).start().waitFor() != 0) {
            throw new IllegalStateException("could not signal the chain");
        }
    }
}
