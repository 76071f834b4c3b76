package city.madang.bench.payments;

import static city.madang.bench.Arguments.number;
import static city.madang.bench.Arguments.value;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench payments} is asked to do.
 *
 * @param payments of each row in each round
 * @param rounds of each row, of which the median is shown
 * @param warmUpSeconds of load before anything is measured
 * @param rate payments a second of the open loop
 * @param seconds of the open loop
 * @param accounts between which is paid
 * @param profile file for a flight recording of the service; null for none
 * @param out folder for JSON and chart
 * @param state folder for the data of the servers, which is removed first
 */
record PaymentsOptions(
        int payments,
        int rounds,
        int warmUpSeconds,
        int rate,
        int seconds,
        int accounts,
        @Nullable Path profile,
        Path out,
        Path state) {

    static final String HELP =
            """
            usage: ./madang bench payments [OPTION...]

            Accepts signed payments over HTTP on 127.0.0.1 and settles them on a chain of its own, against PostgreSQL with fsync on,
            and compares with what hand-written SQL and bare signatures allow on the same cores. Takes some minutes.

              --payments N         of each row in each round, 500 to 200000 (20000)
              --rounds N           of each row, 1 to 25 (3); the table shows medians
              --warm-up SECONDS    of load first, 0 to 300 (120)
              --rate N             payments a second of the open loop, 1 to 20000 (700)
              --seconds N          of the open loop, 1 to 600 (10)
              --accounts N         between which is paid, 200 to 20000 (2000)
              --profile FILE       a flight recording of the service (JFR), with CPU time samples
              --out FOLDER         for payments.json and payments.svg (docs/benchmarks)
            """;

    /** @throws IllegalArgumentException with a sentence for the terminal */
    static PaymentsOptions parse(List<String> arguments, Path root, Path state) {
        var payments = 20_000;
        var rounds = 3;
        var warmUp = 120;
        var rate = 700;
        var seconds = 10;
        var accounts = 2000;
        Path profile = null;
        var out = root.resolve("docs/benchmarks");
        for (var i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--payments" -> payments = number(arguments, ++i, 500, 200_000);
                case "--rounds" -> rounds = number(arguments, ++i, 1, 25);
                case "--warm-up" -> warmUp = number(arguments, ++i, 0, 300);
                case "--rate" -> rate = number(arguments, ++i, 1, 20_000);
                case "--seconds" -> seconds = number(arguments, ++i, 1, 600);
                case "--accounts" -> accounts = number(arguments, ++i, 200, 20_000);
                case "--profile" -> profile = Path.of(value(arguments, ++i)).toAbsolutePath();
                case "--out" -> out = Path.of(value(arguments, ++i)).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
            }
        }
        return new PaymentsOptions(payments, rounds, warmUp, rate, seconds, accounts, profile, out, state);
    }
}
