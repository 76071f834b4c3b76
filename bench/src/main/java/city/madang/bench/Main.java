package city.madang.bench;

import city.madang.bench.gateway.GatewayBenchmark;
import city.madang.bench.identity.IdentityBenchmark;
import city.madang.bench.payments.PaymentsBenchmark;
import city.madang.bench.records.RecordsBenchmark;
import city.madang.bench.start.StartBenchmark;
import java.util.List;

/** {@code ./madang bench NAME [OPTION...]}. Exit status 0 when it measured all it should, 2 when the command line is wrong. */
public final class Main {

    private static final List<Benchmark> ALL = List.of(
            new IdentityBenchmark(),
            new PaymentsBenchmark(),
            new RecordsBenchmark(),
            new GatewayBenchmark(),
            new StartBenchmark());

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        if (arguments.isEmpty() || isHelp(arguments.getFirst())) {
            System.out.print(usage());
            return arguments.isEmpty() ? USAGE : 0;
        }
        var chosen = ALL.stream()
                .filter(one -> one.name().equals(arguments.getFirst()))
                .findFirst();
        if (chosen.isEmpty()) {
            System.err.println("madang bench: there is no benchmark " + arguments.getFirst());
            System.err.print(usage());
            return USAGE;
        }
        var options = arguments.subList(1, arguments.size());
        if (options.stream().anyMatch(Main::isHelp)) {
            System.out.print(chosen.get().help());
            return 0;
        }
        try {
            chosen.get().run(options);
            return 0;
        } catch (IllegalArgumentException wrong) {
            System.err.println("madang bench: " + wrong.getMessage());
            return USAGE;
        } catch (Exception failed) {
            System.err.println("madang bench: " + failed.getMessage());
            return FAILED;
        }
    }

    private static boolean isHelp(String argument) {
        return argument.equals("--help") || argument.equals("-h");
    }

    private static String usage() {
        var text = new StringBuilder("usage: ./madang bench NAME [OPTION...]\n\n");
        ALL.forEach(one -> text.append("  %-12s %s%n".formatted(one.name(), one.summary())));
        return text.append("\n./madang bench NAME --help lists the options of one.\n")
                .toString();
    }
}
