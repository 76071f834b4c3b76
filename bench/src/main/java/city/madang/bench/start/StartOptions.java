package city.madang.bench.start;

import static city.madang.bench.Arguments.number;
import static city.madang.bench.Arguments.value;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code bench start} is asked to do.
 *
 * @param starts of each process in each way, of which the median is shown
 * @param requests to each before its memory is looked at again
 * @param out folder for JSON and chart
 * @param state folder for the data of the servers, which is removed first
 */
record StartOptions(int starts, int requests, Path out, Path state) {

    static final String HELP =
            """
            usage: ./madang bench start [OPTION...]

            Starts each process of the suite on a plain JVM and with an AOT cache made as the images make it, in turn, on PostgreSQL, Kafka and a chain that run
            already: how long until it is ready, what processor time that takes, and how much memory it holds then and after some load. Takes some minutes.

              --starts N       of each in each way, 1 to 25 (5); the table shows medians
              --requests N     to each before memory is looked at again, 100 to 100000 (1000)
              --out FOLDER     for start.json and start.svg (docs/benchmarks)
            """;

    /** @throws IllegalArgumentException with a sentence for the terminal */
    static StartOptions parse(List<String> arguments, Path root, Path state) {
        var starts = 5;
        var requests = 1000;
        var out = root.resolve("docs/benchmarks");
        for (var i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--starts" -> starts = number(arguments, ++i, 1, 25);
                case "--requests" -> requests = number(arguments, ++i, 100, 100_000);
                case "--out" -> out = Path.of(value(arguments, ++i)).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
            }
        }
        return new StartOptions(starts, requests, out, state);
    }
}
