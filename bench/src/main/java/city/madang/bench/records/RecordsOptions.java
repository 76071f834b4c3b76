package city.madang.bench.records;

import static city.madang.bench.Arguments.number;
import static city.madang.bench.Arguments.value;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code bench records} is asked to do.
 *
 * @param entries of each row in each round
 * @param batch entries in a request
 * @param rounds of each row, of which the median is shown
 * @param grow entries up to which a log is grown while memory is watched; 0 for none
 * @param only the part to measure; all if absent
 */
record RecordsOptions(int entries, int batch, int rounds, int grow, Optional<String> only, Path out, Path state) {

    static final String HELP =
            """
            usage: ./madang bench records [OPTION...]

            Logs entries over HTTP and through the sequencer alone, serves proofs and tiles, against servers of its own with fsync on,
            sends a document of 256 MiB up and down, beside what SHA-256, the disk and a plain server allow in the same run. Takes some minutes.

              --entries N    of each row in each round, 1000 to 1000000 (50000)
              --batch N      entries in a request, 1 to 1000 (500)
              --rounds N     of each row, 1 to 25 (3); the table shows medians
              --grow N       then grow a log to N entries, at most 20000000, watching memory (0)
              --only PART    one part alone: log, documents, seals
              --out FOLDER   for records.json and records.svg (docs/benchmarks)
            """;

    /** @throws IllegalArgumentException with a sentence for the terminal */
    static RecordsOptions parse(List<String> arguments, Path root, Path state) {
        var entries = 50_000;
        var batch = 500;
        var rounds = 3;
        var grow = 0;
        var only = Optional.<String>empty();
        var out = root.resolve("docs/benchmarks");
        for (var i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--entries" -> entries = number(arguments, ++i, 1_000, 1_000_000);
                case "--batch" -> batch = number(arguments, ++i, 1, 1_000);
                case "--rounds" -> rounds = number(arguments, ++i, 1, 25);
                case "--grow" -> grow = number(arguments, ++i, 0, 20_000_000);
                case "--only" -> only = Optional.of(value(arguments, ++i));
                case "--out" -> out = Path.of(value(arguments, ++i)).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
            }
        }
        return new RecordsOptions(entries, batch, rounds, grow, only, out, state);
    }
}
